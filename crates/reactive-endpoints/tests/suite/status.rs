//! The status that a charm shows.

use juju_simulator::{SimulatedUnit, Simulator, StatusText};
use juju_types::{Event, Status};
use reactive_endpoints::{
    Charm, Context, Flag, MemoryStore, OrStatus as _, Result, always, blocked, maintenance, waiting,
};

use crate::support::{files, flags, keeping, tools};

const A: Flag = Flag::new("a");

fn unit(charm: fn(Charm<()>) -> Charm<()>) -> SimulatedUnit {
    let store = MemoryStore::new();
    Simulator::unit("app/0")
        .charm_files(files(""))
        .charm(keeping(&store, move || charm(Charm::new(()))))
}

/// Returns the status after an update-status.
#[track_caller]
fn shown(charm: fn(Charm<()>) -> Charm<()>) -> String {
    let mut unit = unit(charm);
    unit.run("update-status");
    unit.status().to_string()
}

#[expect(clippy::unnecessary_wraps, reason = "it is what a charm gives")]
fn active((): &mut (), _: &Context) -> Result<Status> {
    Ok(Status::active())
}

#[test]
fn the_worst_of_all_is_shown_the_first_of_equals() {
    let worst = shown(|charm| {
        charm
            .status(active)
            .status(|(), _| Err(waiting("for a database")))
            .status(|(), _| Ok(Status::blocked("set the option port")))
            .status(|(), _| Err(blocked("set another option")))
            .status(|(), _| Err(maintenance("backing up")))
    });
    assert_eq!(worst, "blocked: set the option port");
    let worst = shown(|charm| {
        charm
            .status(|(), _| Err(waiting("for a database")))
            .status(|(), _| Err(maintenance("backing up")))
            .status(active)
    });
    assert_eq!(worst, "maintenance: backing up");
    let worst = shown(|charm| charm.status(active).status(|(), _| Err(waiting("for a peer"))));
    assert_eq!(worst, "waiting: for a peer");
    assert_eq!(shown(|charm| charm.status(active)), "active");
}

#[test]
fn what_runs_before_and_after_the_handlers_can_end_with_a_status_too() {
    let charm = |charm: Charm<()>| {
        charm
            .at_start(|(), cx| {
                cx.at_exit(|_| Err(waiting("for a peer")));
                Err(blocked("set the option port"))
            })
            .when(always(), |(), cx| {
                cx.set(A);
                Ok(())
            })
    };
    let store = MemoryStore::new();
    let mut unit = Simulator::unit("app/0")
        .charm_files(files(""))
        .charm(keeping(&store, move || charm(Charm::new(()))));
    unit.run("update-status");
    assert_eq!(unit.status().to_string(), "blocked: set the option port");
    assert_eq!(flags(&store.rows()), ["a"], "the handlers run, and what they did is kept");
    let last = shown(|charm| {
        charm.at_start(|(), cx| {
            cx.at_exit(|_| Err(waiting("for a peer")));
            Ok(())
        })
    });
    assert_eq!(last, "waiting: for a peer");
}

#[test]
fn the_status_that_a_handler_ends_with_counts_with_the_others() {
    let worst = shown(|charm| {
        charm
            .status(|(), _| Err(maintenance("backing up")))
            .when(always(), |(), _| Err(waiting("for a peer")))
            .when(always(), |(), _| {
                "x".parse::<u16>().or_blocked("port")?;
                Ok(())
            })
    });
    assert_eq!(worst, "blocked: port: invalid digit found in string");
}

#[test]
fn the_status_is_asked_for_at_the_end_of_every_hook_and_no_old_one_lives_on() {
    let mut unit =
        unit(|charm| {
            charm
                .status(|(), cx| {
                    if cx.is_set(A) { Ok(Status::active()) } else { Err(blocked("not started")) }
                })
                .when(always(), |(), cx| match cx.env().event() {
                    Some(Event::Start) => {
                        cx.set(A);
                        Ok(())
                    }
                    Some(Event::ConfigChanged) => Err(waiting("for a port")),
                    _ => Ok(()),
                })
        });
    unit.run("config-changed");
    assert_eq!(unit.status(), StatusText::new("blocked", "not started"));
    unit.run("start");
    assert_eq!(unit.status(), StatusText::new("active", ""));
    unit.run("config-changed");
    assert_eq!(unit.status(), StatusText::new("waiting", "for a port"));
    unit.run("update-status");
    assert_eq!(unit.status(), StatusText::new("active", ""));
}

#[test]
fn the_status_is_set_once_and_only_if_it_differs() {
    let mut unit = unit(|charm| {
        charm.status(active).status(active).when(always(), |(), _| Err(blocked("no port")))
    });
    let sets = |unit: &mut SimulatedUnit| {
        let calls = tools(unit.run("update-status"));
        calls.into_iter().filter(|tool| *tool == "status-set").count()
    };
    assert_eq!(sets(&mut unit), 1);
    assert_eq!(sets(&mut unit), 0);
}

#[test]
fn a_charm_that_says_nothing_of_its_status_leaves_it_alone() {
    let mut unit = unit(|charm| charm.when(always(), |(), _| Ok(())));
    assert!(tools(unit.run("update-status")).is_empty());
}

#[test]
fn a_unit_that_is_removed_says_nothing_of_its_status() {
    let mut unit = unit(|charm| charm.status(|(), _| Err(blocked("still here"))));
    assert!(tools(unit.run("remove")).is_empty());
}

#[test]
fn an_idle_update_status_writes_nothing() {
    let mut unit = unit(|charm| {
        charm.config_flags().leadership_flags().status(active).when(always(), |(), cx| {
            cx.set(A);
            cx.kv().set("kept", &[1])?;
            cx.flags();
            cx.juju().set_ports([80])?;
            Ok(())
        })
    });
    unit.run("update-status");
    let calls = tools(unit.run("update-status"));
    let reads =
        ["config-get", "is-leader", "leader-get", "opened-ports", "state-get", "status-get"];
    assert!(calls.iter().all(|tool| reads.contains(tool)), "{calls:?}");
}

#[test]
fn an_error_in_the_place_of_a_status_fails_the_run() {
    let store = MemoryStore::new();
    let charm = || {
        Charm::new(()).status(|(), _| Err("no idea".into())).when(always(), |(), cx| {
            cx.set(A);
            Ok(())
        })
    };
    let mut unit = Simulator::unit("app/0").charm_files(files("")).charm(keeping(&store, charm));
    assert!(unit.try_run("update-status").is_err());
    assert!(flags(&store.rows()).is_empty());
}
