//! Which handlers run, and in which order.

use std::sync::Arc;

use juju_types::Event;
use reactive_endpoints::{
    Charm, Context, Endpoint, EndpointKey, Flag, Interface, Result, Trigger, all, blocked, none,
};

use crate::support::{Log, Unit, logged};

const A: Flag = Flag::new("a");
const B: Flag = Flag::new("b");
const C: Flag = Flag::new("c");

/// Runs update-status once in a charm, and returns what has run.
#[track_caller]
fn run(charm: impl Fn(Charm<Log>) -> Charm<Log> + Send + Sync + 'static) -> Vec<&'static str> {
    let log = Log::default();
    let kept = Arc::clone(&log);
    let mut unit = Unit::deploy("", move || charm(Charm::new(Arc::clone(&kept))));
    unit.settle();
    log.lock().unwrap().clear();
    unit.update_status();
    assert!(unit.juju.operations().last().unwrap().exit.is_success(), "{}", unit.last());
    let log = log.lock().unwrap();
    log.clone()
}

#[test]
fn a_flag_that_is_set_makes_handlers_due_in_the_next_iteration() {
    let ran = run(|charm| {
        charm
            .on(Event::UpdateStatus, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .when(&B, logged("b"))
            .when(&A, |log, cx| {
                cx.set(B);
                logged("a")(log, cx)
            })
            .when(&A, logged("a, too"))
    });
    assert_eq!(ran, ["a", "a, too", "b"]);
}

#[test]
fn a_handler_does_not_run_after_its_flag_was_cleared() {
    let ran = run(|charm| {
        charm
            .on(Event::UpdateStatus, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .when(&A, |log, cx| {
                cx.clear(A);
                logged("first")(log, cx)
            })
            .when(&A, logged("second"))
            .when(none([&A]).and(none([&B])), logged("none"))
    });
    assert_eq!(ran, ["first", "none"]);
}

#[test]
fn a_status_ends_a_handler_and_the_rest_commits() {
    let mut unit = Unit::deploy("", || {
        Charm::new(())
            .on(Event::Install, |(), cx| {
                cx.set(A);
                Err(blocked("no database"))
            })
            .when(all([&A]), |(), cx| {
                cx.set(C);
                Ok(())
            })
    });
    unit.settle();
    assert_eq!(unit.flags(), ["a", "c"]);
    assert_eq!(
        unit.juju.status().unit("app/0").unwrap().workload.to_string(),
        "blocked: no database"
    );
}

/// A side that is open in update-status, and tells so by a flag of its own and
/// another one.
#[derive(Debug)]
struct Shop(Endpoint);

impl Interface for Shop {
    fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    fn triggers(endpoint: &Endpoint) -> Vec<Trigger> {
        vec![Trigger::on_set(&endpoint.flag("open")).set(&A)]
    }

    fn manage_flags(&self) -> Result {
        let event = self.0.juju().env().event();
        self.0.toggle_flag("open", event == Some(&Event::UpdateStatus));
        Ok(())
    }
}

#[test]
fn a_flag_that_changes_because_another_is_looked_at_wakes_handlers_that_were_tested_before() {
    const SHOP: EndpointKey<Shop> = EndpointKey::new("shop");

    let log = Log::default();
    let kept = Arc::clone(&log);
    let mut unit = Unit::deploy("provides: {shop: {interface: http}}", move || {
        Charm::new(Arc::clone(&kept))
            .when(&A, logged("a"))
            .when(SHOP.flag("open"), logged("open"))
            .when(none([&A]), logged("none"))
    });
    unit.settle();
    log.lock().unwrap().clear();
    unit.update_status();
    assert_eq!(*log.lock().unwrap(), ["a", "open"]);
}

/// Two handlers that wake each other.
struct Author;

impl Author {
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "it is a handler")]
    fn ping(&mut self, cx: &Context) -> Result {
        cx.clear(A);
        cx.set(B);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "it is a handler")]
    fn pong(&mut self, cx: &Context) -> Result {
        cx.clear(B);
        cx.set(A);
        Ok(())
    }
}

#[test]
fn flags_that_wake_one_another_without_end_are_an_error_that_names_them() {
    let mut unit = Unit::deploy("", || {
        Charm::new(Author)
            .on(Event::Install, |_, cx| {
                cx.set(A);
                Ok(())
            })
            .when(&A, Author::ping)
            .when(&B, Author::pong)
    });
    unit.settle();
    assert!(unit.flags().is_empty());
    let last = unit.last();
    insta::assert_snapshot!(last.lines().last().unwrap(), @"  | ERROR unit.app/0.juju-log the hook `install` failed: the handlers do not come to rest: after 100 iterations Author::ping, Author::pong still run, and still change the flags a, b");
}
