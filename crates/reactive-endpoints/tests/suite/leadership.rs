//! The flags of leadership and of the leader settings.

use juju_simulator::{SimulatedUnit, Simulator, StatusText};
use juju_types::{Event, JujuVersion};
use reactive_endpoints::{Charm, Flag, MemoryStore, always};

use crate::support::{failed, files, flags, keeping, kept, last_line, tools};

const IS_LEADER: Flag = Flag::new("leadership.is_leader");
const CHANGED: Flag = Flag::new("leadership.changed");

/// A charm that looks at all flags in every run.
fn observer() -> Charm<()> {
    Charm::new(()).leadership_flags().when(always(), |(), cx| {
        cx.flags();
        Ok(())
    })
}

fn unit(store: &MemoryStore, charm: fn() -> Charm<()>) -> SimulatedUnit {
    Simulator::unit("app/0").charm_files(files("")).charm(keeping(store, charm))
}

#[test]
fn the_leader_has_a_flag() {
    let store = MemoryStore::new();
    let mut unit = unit(&store, observer);
    unit.run("update-status");
    assert_eq!(flags(&store.rows()), ["leadership.is_leader"]);
    unit.change(|state| {
        state.with_other_unit("app/1", StatusText::new("active", "")).without_leadership()
    });
    unit.run("update-status");
    assert!(flags(&store.rows()).is_empty());
}

#[test]
fn settings_have_flags_while_they_are_there_and_when_they_change() {
    let store = MemoryStore::new();
    let mut unit = unit(&store, observer);
    let mut run = |settings: &[(&str, &str)]| {
        unit.change(|state| state.with_leader_settings(settings.iter().copied()));
        unit.run("update-status");
        let mut flags = flags(&store.rows());
        flags.retain(|flag| *flag != IS_LEADER.as_str());
        flags.iter().map(|flag| flag.strip_prefix("leadership.").unwrap().to_owned()).collect()
    };
    let ran: Vec<Vec<String>> = vec![
        run(&[("password", "a")]),
        run(&[("password", "a")]),
        run(&[("password", "b"), ("user", "u")]),
        run(&[("password", "b")]),
        run(&[("password", "b")]),
    ];
    assert_eq!(
        ran,
        [
            vec!["changed", "changed.password", "set.password"],
            vec!["set.password"],
            vec!["changed", "changed.password", "changed.user", "set.password", "set.user"],
            vec!["changed", "changed.user", "set.password"],
            vec!["set.password"],
        ]
    );
    // As Python's layer keeps them, with null for what is gone.
    assert_eq!(store.rows()["leadership.settings.password"], r#""b""#);
    assert_eq!(store.rows()["leadership.settings.user"], "null");
}

#[test]
fn what_a_python_charm_has_seen_has_not_changed() {
    let store = kept([
        ("leadership.settings.gone", "null"),
        ("leadership.settings.password", r#""a""#),
        ("reactive.states.leadership.set.password", "null"),
    ]);
    let mut unit = unit(&store, observer);
    unit.change(|state| state.with_leader_settings([("password", "a")]));
    unit.run("update-status");
    assert_eq!(flags(&store.rows()), ["leadership.is_leader", "leadership.set.password"]);
}

#[test]
fn what_the_leader_writes_has_its_flags_at_once() {
    let store = MemoryStore::new();
    let mut unit = unit(&store, || {
        Charm::new(())
            .leadership_flags()
            .on(Event::Start, |(), cx| cx.leader_set([("password", "a"), ("user", "")]))
            .when(&CHANGED, |(), cx| {
                let set = cx.is_set(Flag::new("leadership.set.password"));
                cx.kv().update("seen.", [("set", set)])
            })
    });
    unit.run("start");
    assert_eq!(store.rows()["seen.set"], "true");
    assert_eq!(unit.state().leader_settings()["password"], "a");
    unit.run("update-status");
    assert_eq!(flags(&store.rows()), ["leadership.set.password"]);
}

#[test]
fn nothing_is_asked_for_when_nobody_looks() {
    let store = MemoryStore::new();
    let mut unit = unit(&store, || Charm::new(()).leadership_flags());
    assert!(tools(unit.run("update-status")).is_empty());
}

#[test]
fn juju_4_has_a_leader_and_no_leader_settings() {
    let store = MemoryStore::new();
    let simulated = || {
        let version = JujuVersion::new(4, 0, 15);
        Simulator::unit("app/0").charm_files(files("")).juju_version(version)
    };
    let mut unit = simulated().charm(keeping(&store, observer));
    unit.run("update-status");
    assert_eq!(flags(&store.rows()), ["leadership.is_leader"]);

    let looks = || Charm::new(()).leadership_flags().when(&CHANGED, |(), _| Ok(()));
    let mut unit = simulated().charm(keeping(&store, looks));
    let ran = failed(unit.try_run("update-status"));
    insta::assert_snapshot!(last_line(&ran), @"the hook `update-status` failed: Juju 4.0.15 has no leader settings, and so no flags `leadership.set.*` and `leadership.changed`: use the application's data in a peer relation");
}

#[test]
fn juju_is_asked_who_leads_once_in_a_run() {
    let mut unit = unit(&MemoryStore::new(), || {
        Charm::new(()).on(Event::UpdateStatus, |(), cx| {
            assert!(cx.is_leader()? && cx.is_leader()?);
            Ok(())
        })
    });
    assert_eq!(tools(unit.run("update-status")), ["is-leader"]);
}
