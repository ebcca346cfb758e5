//! One unit, and one event after the other.

mod refusals;
mod states;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use juju_agent_rpc::{Client, Request};
use juju_simulator::{
    ActionStatus, Fault, RelationState, SecretState, SimulatedUnit, SimulatedUnitBuilder,
    Simulator, StatusText, UnitError, UnitEvent,
};
use juju_types::{CharmFiles, ConfigValue, Event, Status};
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
fn the_model_of_a_unit_can_do_what_other_models_can() {
    let mut unit = calling(web(), "status-set active");
    unit.juju().inject("web/0", Fault::FailFlush).unwrap();
    assert!(matches!(unit.try_run("update-status"), Err(UnitError::Failed(_))));
    unit.run("update-status");
}
