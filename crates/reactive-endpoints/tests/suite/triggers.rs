//! What follows at once from a change of a flag.

use std::sync::{Arc, Mutex};

use juju_simulator::Simulator;
use juju_types::Event;
use reactive_endpoints::{Charm, Flag, Flags, MemoryStore, Store as _, Trigger};

use crate::support::{failed, files, flags, keeping, kept, last_line};

const A: Flag = Flag::new("a");
const B: Flag = Flag::new("b");
const C: Flag = Flag::new("c");

/// Runs update-status in a charm that adds to an empty one.
#[track_caller]
fn run(store: &MemoryStore, charm: fn(Charm<()>) -> Charm<()>) {
    Simulator::unit("app/0")
        .charm_files(files(""))
        .charm(keeping(store, move || charm(Charm::new(()))))
        .run("update-status");
    // The next run has another Juju, which does not know of this one.
    store.confirm().unwrap();
}

#[test]
fn a_flag_that_is_set_sets_and_clears_others_in_the_same_moment() {
    let store = kept([("reactive.states.c", "null")]);
    run(&store, |charm| {
        charm.trigger(Trigger::on_set(&A).set(&B).clear(&C)).on(Event::UpdateStatus, |(), cx| {
            cx.set(A);
            assert!(cx.is_set(B) && !cx.is_set(C));
            Ok(())
        })
    });
    assert_eq!(flags(&store.rows()), ["a", "b"]);
}

#[test]
fn a_flag_that_is_cleared_sets_and_clears_others_in_the_same_moment() {
    let store = kept([("reactive.states.a", "null"), ("reactive.states.c", "null")]);
    run(&store, |charm| {
        charm.trigger(Trigger::on_clear(&A).set(&B).clear(&C)).on(Event::UpdateStatus, |(), cx| {
            assert!(!cx.is_set(B) && cx.is_set(C));
            cx.clear(A);
            assert!(cx.is_set(B) && !cx.is_set(C));
            Ok(())
        })
    });
    assert_eq!(flags(&store.rows()), ["b"]);
}

#[test]
fn a_trigger_fires_when_a_flag_changes_and_not_when_it_is_set_once_more() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&calls);
    let charm = move || {
        let noted = Arc::clone(&noted);
        Charm::new(())
            .trigger(Trigger::on_set(&A).call(move |flags| {
                noted.lock().unwrap().push(flags.is_set(A));
            }))
            .on(Event::UpdateStatus, |(), cx| {
                cx.set(A);
                cx.set(A);
                cx.clear(A);
                cx.clear(A);
                cx.set(A);
                Ok(())
            })
    };
    let store = MemoryStore::new();
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
    unit.run("update-status");
    assert_eq!(*calls.lock().unwrap(), [true, true]);
}

#[test]
fn each_function_is_called_though_they_have_one_name_and_each_once() {
    fn also(flags: &Flags) {
        flags.set(C);
    }

    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&calls);
    let charm = move || {
        let triggers = ["one", "two"].map(|name| {
            let noted = Arc::clone(&noted);
            Trigger::on_set(&A).call(move |_| noted.lock().unwrap().push(name))
        });
        let noted = Arc::clone(&noted);
        triggers
            .into_iter()
            .fold(Charm::new(()), Charm::trigger)
            .trigger(Trigger::on_set(&A).call(|flags| flags.set(B)))
            .trigger(Trigger::on_set(&A).call(also))
            .trigger(Trigger::on_set(&C).call(move |_| noted.lock().unwrap().push("c")))
            .on(Event::UpdateStatus, |(), cx| {
                cx.register_trigger(Trigger::on_set(&A).call(also));
                cx.set(A);
                Ok(())
            })
    };
    let store = MemoryStore::new();
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
    unit.run("update-status");
    assert_eq!(*calls.lock().unwrap(), ["one", "two", "c"]);
    assert_eq!(flags(&store.rows()), ["a", "b", "c"]);
    // A trigger of each is known now, and none fires again.
    unit.run("update-status");
    assert_eq!(calls.lock().unwrap().len(), 3);
}

#[test]
fn triggers_fire_one_another() {
    let store = MemoryStore::new();
    run(&store, |charm| {
        charm
            .trigger(Trigger::on_set(&A).set(&B))
            .trigger(Trigger::on_set(&B).set(&C).clear(&A))
            .on(Event::UpdateStatus, |(), cx| {
                cx.set(A);
                Ok(())
            })
    });
    assert_eq!(flags(&store.rows()), ["b", "c"]);
}

#[test]
fn triggers_that_fire_one_another_without_end_are_an_error_that_names_one() {
    let store = MemoryStore::new();
    let charm = || {
        Charm::new(())
            .trigger(Trigger::on_set(&A).clear(&A))
            .trigger(Trigger::on_clear(&A).set(&A))
            .on(Event::UpdateStatus, |(), cx| {
                cx.set(A);
                Ok(())
            })
    };
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
    let ran = failed(unit.try_run("update-status"));
    insta::assert_snapshot!(last_line(&ran), @"the hook `update-status` failed: triggers fire one another without end; one of them is `on set a: clear a`");
    assert!(store.rows().is_empty());
}

#[test]
fn a_trigger_fires_for_a_flag_that_was_set_before_it_was_registered() {
    // In this run.
    let store = MemoryStore::new();
    run(&store, |charm| {
        charm.on(Event::UpdateStatus, |(), cx| {
            cx.set(A);
            cx.register_trigger(Trigger::on_set(&A).set(&B));
            assert!(cx.is_set(B));
            Ok(())
        })
    });

    // In an earlier run of a charm that did not have the trigger.
    let store = MemoryStore::new();
    run(&store, |charm| {
        charm.trigger(Trigger::on_set(&C).set(&B)).on(Event::UpdateStatus, |(), cx| {
            cx.set(A);
            Ok(())
        })
    });
    let with_trigger = |charm: Charm<()>| charm.trigger(Trigger::on_set(&A).set(&B));
    run(&store, with_trigger);
    assert_eq!(flags(&store.rows()), ["a", "b"]);

    // And only once: then it is known.
    run(&store, |charm| {
        charm.trigger(Trigger::on_set(&A).set(&B)).on(Event::UpdateStatus, |(), cx| {
            cx.clear(B);
            Ok(())
        })
    });
    run(&store, with_trigger);
    assert_eq!(flags(&store.rows()), ["a"]);
}

#[test]
fn a_trigger_fires_for_a_flag_that_a_charm_without_any_trigger_has_set() {
    let store = MemoryStore::new();
    run(&store, |charm| {
        charm.on(Event::UpdateStatus, |(), cx| {
            cx.set(A);
            Ok(())
        })
    });
    run(&store, |charm| charm.trigger(Trigger::on_set(&A).set(&B)));
    assert_eq!(flags(&store.rows()), ["a", "b"]);
}

#[test]
fn a_trigger_does_not_fire_for_what_a_python_charm_has_set() {
    // Its own triggers have fired then; which they were cannot be told.
    let store = kept([
        ("reactive.dispatch.phase", r#""other""#),
        ("reactive.states.a", "null"),
        ("reactive.states.c", "null"),
    ]);
    run(&store, |charm| {
        charm.trigger(Trigger::on_set(&A).set(&B)).trigger(Trigger::on_set(&C).set(&B))
    });
    assert_eq!(flags(&store.rows()), ["a", "c"]);
}

#[test]
fn a_trigger_that_is_registered_in_a_run_ends_with_it() {
    let store = MemoryStore::new();
    run(&store, |charm| {
        charm.on(Event::UpdateStatus, |(), cx| {
            cx.register_trigger(Trigger::on_set(&A).set(&B));
            Ok(())
        })
    });
    run(&store, |charm| {
        charm.on(Event::UpdateStatus, |(), cx| {
            cx.set(A);
            Ok(())
        })
    });
    assert_eq!(flags(&store.rows()), ["a"]);
}
