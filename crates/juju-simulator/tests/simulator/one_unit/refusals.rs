//! Tests that end because something is wrong.

use juju_simulator::{RelationState, Simulator, StatusText, UnitError, UnitEvent, UnitState};
use juju_types::{Event, JujuVersion, Status};

use super::{calling, db, panic_of, web};

#[test]
fn a_hook_that_fails_ends_the_test_with_all_that_it_did() {
    let mut unit = calling(web(), "status-set active\nconfig-get --nonsense");
    insta::assert_snapshot!(panic_of(|| _ = unit.run("update-status")), @"
    the hook has failed:
    web/0 update-status: exit status 2
      status-set active
      config-get --nonsense -> 2: ERROR option provided but not defined: --nonsense
      * status: unknown -> active
    ");
    let failed = unit.try_run("update-status").unwrap_err();
    let UnitError::Failed(operation) = failed else { panic!("{failed}") };
    assert!(!operation.exit.is_success());
    assert_eq!(unit.status(), StatusText::new("error", r#"hook failed: "update-status""#));
    insta::assert_snapshot!(panic_of(|| calling(web(), "no-tool").deploy()), @r#"
    the hook has failed:
    web/0 data-storage-attached: exit status 101
      | WARNING unit.web/0.data-storage-attached the charm has panicked: called `Result::unwrap()` on an `Err` value: Refused("bad request: unknown command: no-tool")
    "#);
}

#[test]
fn an_event_that_does_not_fit_is_refused_and_nothing_is_run() {
    let two = db().with_unit("sql/1", [("host", "db2")]);
    let other = RelationState::new("db:8", "postgresql");
    let mut unit = calling(web().relation(two).relation(other), "");
    let mut refusal = |event: UnitEvent| {
        let UnitError::Refused(faults) = unit.try_run(event).unwrap_err() else { panic!() };
        faults.iter().collect::<String>()
    };
    let refusals = [
        refusal("update-statsu".into()),
        refusal("dv-relation-changed".into()),
        refusal("db-relation-changed".into()),
        refusal(UnitEvent::new("db-relation-changed").relation("db:7")),
        refusal(UnitEvent::new("db-relation-joined").relation("db:8")),
        refusal(UnitEvent::new("db-relation-joined").relation("db:9")),
        refusal(UnitEvent::new("db-relation-joined").relation("db:7").unit("sql/7")),
        refusal("secret-changed".into()),
        refusal(UnitEvent::new("secret-rotate").secret("admin")),
        refusal("tapes-storage-attached".into()),
        refusal("web-pebble-ready".into()),
        refusal(UnitEvent::custom("install")),
        refusal(Event::LeaderSettingsChanged.into()),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @"
    update-statsu: Juju has no such hook; one that is made up is a `UnitEvent::custom`
    dv-relation-changed: the charm `web` has no endpoint `dv`
    db-relation-changed: say which relation is meant: db:7, db:8
    db-relation-changed: say which unit of db:7 is meant: sql/0, sql/1
    db-relation-joined: there is no unit of db:8 that this could be about
    db-relation-joined: the unit is in no relation db:9
    db-relation-joined: sql/7 is not in the relation db:7
    secret-changed: there is no secret that this could be about
    secret-rotate: the unit knows no secret admin
    tapes-storage-attached: there is no storage that this could be about
    web-pebble-ready: units on machines have no containers
    invalid event name `install`: Juju itself has a hook of this name
    leader-settings-changed: the unit is the leader, and nobody tells it
    ");
    assert!(unit.operations().is_empty());
}

#[test]
fn a_unit_with_traces_of_a_charm_is_not_deployed() {
    let unit = web().status(Status::active()).open_ports("80").charm_state("k", "v");
    let error = calling(unit, "").try_deploy().unwrap_err();
    insta::assert_snapshot!(error, @"
    Juju could not produce this:
    - deploy: a unit that is yet to be installed cannot have a status, state of its charm, open ports
    ");
}

#[test]
fn a_state_that_juju_could_not_produce_is_refused_at_once() {
    insta::assert_snapshot!(panic_of(|| _ = calling(web().config("prot", 1), "")), @"
    Juju could not produce this:
    - config: the charm `web` has no option `prot`
    ");
    insta::assert_snapshot!(panic_of(|| _ = Simulator::unit("web")), @"invalid unit name `web`: it must be `APPLICATION/NUMBER`");
    insta::assert_snapshot!(panic_of(|| _ = RelationState::peers("7")), @"invalid relation id `7`: here it must name the endpoint, too");
    let settings = UnitState::new("web/0").with_leader_settings([("k", "v")]);
    let unit = web().state(settings).juju_version(JujuVersion::new(4, 0, 15));
    let refused = unit.try_charm(|_| 0).unwrap_err();
    assert!(matches!(refused, UnitError::Refused(_)), "{refused}");
}

#[test]
fn a_charm_that_cannot_be_read_is_refused() {
    // This crate is no charm, so cargo's folder has none of its files.
    let none = Simulator::unit("web/0");
    assert!(matches!(none.try_charm(|_| 0), Err(UnitError::Deploy(_))));
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = Simulator::unit("web/0").charm_folder(folder.path());
    insta::assert_snapshot!(panic_of(|| _ = elsewhere.charm(|_| 0)), @"
    cannot deploy the charm: the charm's files have faults:
    metadata.yaml:1:1: the file is missing; write it, or a charmcraft.yaml
    ");
}

#[test]
fn a_unit_that_has_run_remove_is_gone() {
    let mut unit = calling(web(), "");
    unit.run("stop");
    unit.run("remove");
    insta::assert_snapshot!(unit.try_run("update-status").unwrap_err(), @"the unit web/0 is gone: it has run its last hook, remove");
    insta::assert_snapshot!(panic_of(|| _ = unit.state()), @"the unit web/0 is gone: it has run its last hook, remove");
    assert_eq!(unit.operation().kind.to_string(), "remove");
}
