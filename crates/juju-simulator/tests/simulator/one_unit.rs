//! One unit, and one event after the other.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use juju_agent_rpc::{Client, Request};
use juju_simulator::{
    ActionStatus, Fault, RelationState, SecretState, SimulatedUnit, SimulatedUnitBuilder,
    Simulator, StatusText, StorageState, UnitError, UnitEvent, UnitState,
};
use juju_types::{CharmFiles, ConfigValue, Event, JujuVersion, Status};
use serde_json::json;

use crate::charm::{TestCharm, builder};

const METADATA: &str = "
name: web
summary: s
description: d
requires:
  db: {interface: sql}
peers:
  cluster: {interface: gossip}
storage:
  data: {type: filesystem}
resources:
  software: {type: file, filename: software.zip}
";

fn files() -> CharmFiles {
    let mut files = CharmFiles::default();
    files.metadata = Some(METADATA.to_owned());
    files.config = Some("options: {port: {type: int, default: 80}, name: {}}".to_owned());
    files.actions = Some("backup: {params: {target: {type: string}}}".to_owned());
    files
}

fn web() -> SimulatedUnitBuilder {
    Simulator::unit("web/0").charm_files(files())
}

/// A unit whose charm calls these hook tools, one a line, in each event.
fn calling(unit: SimulatedUnitBuilder, calls: &'static str) -> SimulatedUnit {
    unit.charm(move |variables| {
        let codes = calls.lines().map(|line| call(&variables, line));
        codes.into_iter().find(|code| *code != 0).unwrap_or(0)
    })
}

/// Calls a hook tool, and returns its exit code.
fn call(variables: &BTreeMap<String, String>, line: &str) -> u8 {
    let mut words = line.split_whitespace().map(str::to_owned);
    let request = Request {
        context_id: variables["JUJU_CONTEXT_ID"].clone(),
        dir: variables["JUJU_CHARM_DIR"].clone(),
        command_name: words.next().unwrap(),
        args: words.collect(),
        ..Request::default()
    };
    let mut client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
    client.call(&request).unwrap().code.try_into().unwrap()
}

/// Returns the message of the panic that something ends in.
fn panic_of(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

fn hooks(unit: &SimulatedUnit) -> Vec<String> {
    unit.operations().iter().map(|operation| operation.kind.to_string()).collect()
}

fn db() -> RelationState {
    RelationState::new("db:7", "sql").with_unit("sql/0", [("host", "db1")])
}

#[test]
fn a_new_unit_runs_its_life_up_to_the_hooks_of_its_relations() {
    let mut unit = calling(web().config("port", 8080).relation(db()), "status-set active ready");
    unit.deploy();
    assert_eq!(
        hooks(&unit),
        [
            "data-storage-attached",
            "install",
            "cluster-relation-created",
            "db-relation-created",
            "leader-elected",
            "config-changed",
            "start",
            "db-relation-joined",
            "db-relation-changed",
        ]
    );
    assert_eq!(unit.status(), Status::new(juju_types::StatusKind::Active, "ready"));
    assert_eq!(unit.state().config("port"), Some(ConfigValue::Int(8080)));
    assert!(unit.relation("db").own_data().contains_key("ingress-address"));
}

#[test]
fn an_event_turns_one_state_into_another() {
    let unit = web()
        .relation(db())
        .other_unit("web/1", Status::active())
        .resource("software", "zip")
        .status(Status::waiting("for a database"));
    let mut unit = calling(
        unit,
        "relation-set -r db:7 user=web
        relation-set -r db:7 --app schema=2
        state-set database=db1
        open-port 80
        secret-add password=s3cret --label admin
        application-version-set 1.5
        status-set active",
    );
    let before = unit.state();
    insta::assert_snapshot!(before, @"
    web/0
    leader
    status: waiting: for a database
    storage data/0
    resource software: 3 bytes
    unit web/1: active
    relation cluster:0: peers
    relation db:7: sql
    relation db:7 sql/0 host: db1
    ");
    unit.run("db-relation-changed");
    let after = unit.state();
    insta::assert_snapshot!(before.difference(&after), @"
    status: waiting: for a database -> active
    + version: 1.5
    + port 80/tcp
    + state database: db1
    + relation db:7 web schema: 2
    + relation db:7 web/0 user: web
    + secret r4tgq89d9can8t7qh1vs: application-web
    + secret r4tgq89d9can8t7qh1vs label: admin
    + secret r4tgq89d9can8t7qh1vs revision: 1 (password)
    ");
    assert_eq!(after.difference(&after), "");

    assert_eq!(unit.status(), Status::active());
    assert_eq!(unit.relation("db").own_data()["user"], "web");
    assert_eq!(unit.relation("db:7").own_application_data()["schema"], "2");
    assert_eq!(after.charm_state()["database"], "db1");
    assert_eq!(after.workload_version(), "1.5");
    assert_eq!(after.secret("admin").unwrap().value("password").as_deref(), Some("s3cret"));
    assert_eq!(after.open_ports(), [(80.into(), None)]);
    assert_eq!(unit.operation().calls.len(), 7);
}

#[test]
fn a_state_shows_no_value_of_a_secret() {
    let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "web").with_content([("key", "hunter2")]);
    let state = UnitState::new("web/0").with_secret(secret);
    insta::assert_snapshot!(state, @"
    web/0
    secret 9m4e2mr0ui3e8a215n4g: application-web
    secret 9m4e2mr0ui3e8a215n4g revision: 1 (key)
    ");
    let encoded = "aHVudGVyMg==";
    assert!(serde_json::to_string(&state).unwrap().contains(encoded));
    assert!(!format!("{state:?}").contains(encoded));
}

#[test]
fn differences_are_what_is_new_what_is_gone_and_what_is_another() {
    let before = UnitState::new("web/0")
        .with_leadership()
        .with_config("port", 80)
        .with_relation(db())
        .with_charm_state("k", "a\nb");
    let after = before
        .clone()
        .without_leadership()
        .with_config("port", 81)
        .with_relation(db().without_unit("sql/0"))
        .with_storage(StorageState::new("data/0"))
        .with_charm_state("k", "");
    insta::assert_snapshot!(before.difference(&after), @r#"
    - leader
    config port: 80 -> 81
    state k: "a\nb" -> ""
    + storage data/0
    + relation db:7 sql/0: gone
    "#);
    insta::assert_snapshot!(after.difference(&before), @r#"
    config port: 81 -> 80
    state k: "" -> "a\nb"
    - storage data/0
    - relation db:7 sql/0: gone
    + leader
    "#);
}

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
fn an_event_finds_what_it_is_about() {
    let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "sql")
        .with_content([("token", "old")])
        .with_content([("token", "new")])
        .granted()
        .tracked(1);
    let mut unit = web().relation(db()).secret(secret).charm(|variables| {
        let of = |name: &str| variables.get(name).cloned().unwrap_or_default();
        let text = ["JUJU_REMOTE_UNIT", "JUJU_SECRET_ID", "JUJU_STORAGE_ID"].map(of).concat();
        call(&variables, &format!("juju-log about:{text}"));
        0
    });
    let mut about = |event: UnitEvent| unit.run(event).log[0].message.clone();
    let found = [
        about("db-relation-changed".into()),
        about(UnitEvent::new("db-relation-changed").of_application()),
        about("secret-changed".into()),
        about("data-storage-attached".into()),
        about(UnitEvent::custom("service-web-stopped")),
        about(Event::UpgradeCharm.into()),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    db:7: about:sql/0
    db:7: about:
    about:secret:9m4e2mr0ui3e8a215n4g
    about:data/0
    about:
    about:
    ");
}

#[test]
fn a_unit_that_has_departed_is_gone_and_then_the_relation_can_break() {
    let mut unit = calling(web().relation(db()), "relation-list -r db:7");
    unit.run("db-relation-departed");
    assert_eq!(unit.relation("db").units().count(), 0);
    assert_eq!(unit.relation("db").unit_data("sql/0").unwrap()["host"], "db1");
    unit.run("db-relation-broken");
    assert!(unit.state().relation("db").is_none());
    assert!(unit.state().relation("cluster").is_some());
}

#[test]
fn an_action_runs_with_its_parameters() {
    let mut unit = calling(web(), "action-set done=yes\naction-log working");
    let outcome = unit.run_action("backup", json!({"target": "s3"}));
    assert_eq!(outcome.status, ActionStatus::Completed);
    assert_eq!(outcome.results["done"], "yes");
    assert_eq!(outcome.log, ["working"]);
    insta::assert_snapshot!(unit.try_run_action("restore", json!({})).unwrap_err(), @"
    Juju could not produce this:
    - action: the charm `web` has no action `restore`
    ");
    insta::assert_snapshot!(unit.try_run_action("backup", json!({"target": 1})).unwrap_err(), @"
    Juju could not produce this:
    - action backup: validation failed: (root).target : must be of type string, given 1
    ");
}

#[test]
fn a_state_can_be_changed_between_two_events() {
    let mut unit = calling(web().relation(db()), "secret-add password=s3cret --label admin");
    unit.run("config-changed");
    let admin = unit.state().secret("admin").unwrap().clone();
    unit.change(|state| {
        let relation = state.relation("db").unwrap().clone().with_unit("sql/1", [("host", "db2")]);
        state.with_config("port", 81).with_relation(relation).without_leadership()
    });
    insta::assert_snapshot!(unit.state(), @"
    web/0
    status: unknown
    config port: 81
    storage data/0
    relation cluster:0: peers
    relation db:7: sql
    relation db:7 sql/0 host: db1
    relation db:7 sql/1 host: db2
    secret r4tgq89d9can8t7qh1vs: application-web
    secret r4tgq89d9can8t7qh1vs label: admin
    secret r4tgq89d9can8t7qh1vs revision: 1 (password)
    ");
    // What the charm itself has made is still there.
    assert_eq!(unit.state().secret("admin").unwrap().value("password"), admin.value("password"));
    let faulty = panic_of(|| unit.change(|state| state.with_config("prot", 1)));
    insta::assert_snapshot!(faulty, @"
    Juju could not produce this:
    - config: the charm `web` has no option `prot`
    ");
}

#[test]
fn grants_outlive_a_change_of_the_state() {
    let mut unit = web().relation(db()).charm(|variables| {
        let is_over = variables["JUJU_HOOK_NAME"] == "update-status";
        let tool = if is_over { "secret-revoke" } else { "secret-grant" };
        call(&variables, &format!("{tool} 9m4e2mr0ui3e8a215n4g --relation db:7"))
    });
    unit.change(|state| {
        let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "web");
        state.with_secret(secret.with_content([("password", "s3cret")]))
    });
    unit.run("config-changed");
    unit.change(|state| state.with_config("port", 81));
    insta::assert_snapshot!(unit.run("update-status"), @"
    web/0 update-status
      secret-revoke 9m4e2mr0ui3e8a215n4g --relation db:7
      * secret revoked: 9m4e2mr0ui3e8a215n4g from application-sql
    ");
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
fn a_packed_charm_runs_as_a_program() {
    let charm = TestCharm::new("status-set active \"$(config-get port)\"")
        .file("metadata.yaml", METADATA)
        .config("  port: {type: int, default: 80}\n");
    let mut unit =
        Simulator::unit("web/0").simulator(builder()).config("port", 90).package(charm.path());
    unit.run("config-changed");
    assert_eq!(unit.status(), StatusText::new("active", "90"));
}

#[test]
fn storage_that_is_stated_is_there() {
    let unit = web().storage(StorageState::new("data/3"));
    let mut unit = unit.charm(|variables| {
        let place = variables.get("JUJU_STORAGE_LOCATION").unwrap();
        u8::from(!std::path::Path::new(place).is_dir())
    });
    unit.run("data-storage-attached");
}

#[test]
fn the_model_of_a_unit_can_do_what_other_models_can() {
    let mut unit = calling(web(), "status-set active");
    unit.juju().inject("web/0", Fault::FailFlush).unwrap();
    assert!(matches!(unit.try_run("update-status"), Err(UnitError::Failed(_))));
    unit.run("update-status");
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
