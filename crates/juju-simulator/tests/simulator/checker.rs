//! States and events that Juju could not produce.

mod event;
mod relations;
mod secrets;
mod unit;

use juju_simulator::{
    DeployError, RelationState, SecretState, StatusText, StorageState, UnitState,
};
use juju_types::{Charm, CharmFiles, Event, JujuVersion, Status, StatusValue};

use crate::charm::{TestCharm, builder};

const METADATA: &str = "
name: web
summary: s
description: d
requires:
  db: {interface: sql, limit: 1}
  cache: {interface: redis}
provides:
  site: {interface: http}
peers:
  cluster: {interface: gossip}
extra-bindings:
  admin:
storage:
  data: {type: filesystem, multiple: {range: 1-2}}
  disk: {type: block, multiple: {range: 0-1}}
resources:
  software: {type: file, filename: software.zip}
";

const CONFIG: &str = "
options:
  port: {type: int, default: 80}
  name: {type: string}
  ratio: {type: float}
  debug: {type: boolean}
";

const ACTIONS: &str = "
backup:
  params: {target: {type: string}}
  required: [target]
";

const ID: &str = "9m4e2mr0ui3e8a215n4g";
const OTHER_ID: &str = "9m4e2mr0ui3e8a215n50";

fn charm() -> Charm {
    let mut files = CharmFiles::default();
    files.metadata = Some(METADATA.to_owned());
    files.config = Some(CONFIG.to_owned());
    files.actions = Some(ACTIONS.to_owned());
    Charm::from_files(&files).unwrap()
}

const JUJU_3: JujuVersion = JujuVersion::new(3, 6, 28);

fn web() -> UnitState {
    UnitState::new("web/0")
}

/// Returns a state from JSON, which can say more than the methods.
fn json(more: &str) -> UnitState {
    format!(r#"{{"unit": "web/0", {more}}}"#).parse().unwrap()
}

/// Returns the faults of a state, a line each.
fn faults(state: &UnitState) -> String {
    faults_in(state, &JUJU_3)
}

fn faults_in(state: &UnitState, version: &JujuVersion) -> String {
    let faults = state.check(&charm(), version).unwrap_err();
    faults.iter().collect::<Vec<_>>().join("\n")
}

fn event_faults(state: &UnitState, event: &Event) -> String {
    event_faults_in(state, event, &JUJU_3)
}

fn event_faults_in(state: &UnitState, event: &Event, version: &JujuVersion) -> String {
    let faults = state.check_event(event, &charm(), version).unwrap_err();
    faults.iter().collect::<Vec<_>>().join("\n")
}

/// Returns an event of Juju's by the variables that Juju sets.
fn event(hook: &str, variables: &[(&str, &str)]) -> Event {
    let path = format!("hooks/{hook}");
    let pairs = variables.iter().copied().chain([("JUJU_DISPATCH_PATH", path.as_str())]);
    Event::from_variables(pairs).unwrap().unwrap()
}

fn db() -> RelationState {
    RelationState::new("db:7", "sql").with_unit("sql/0", [("host", "db1")])
}

fn relation_event(hook: &str, id: &str, unit: &str) -> Event {
    let endpoint = id.split_once(':').unwrap().0;
    event(
        hook,
        &[("JUJU_RELATION", endpoint), ("JUJU_RELATION_ID", id), ("JUJU_REMOTE_UNIT", unit)],
    )
}

fn secret() -> SecretState {
    SecretState::new(ID, "web").with_content([("password", "s3cret")])
}

fn secret_event(hook: &str, revision: &str) -> Event {
    event(hook, &[("JUJU_SECRET_ID", ID), ("JUJU_SECRET_REVISION", revision)])
}

#[test]
fn a_state_with_everything_is_fine() {
    let state = web()
        .with_leadership()
        .with_config("port", 8080)
        .with_config("ratio", 1)
        .with_config("name", serde_json::Value::Null)
        .with_relation(db())
        .with_relation(RelationState::peers("cluster:1").with_unit("web/1", [("a", "b")]))
        .with_relation(RelationState::new("juju-info:2", "logger"))
        .with_secret(secret().with_label("admin").with_rotation("monthly"))
        .with_secret(
            SecretState::new(OTHER_ID, "sql/0").with_content([("token", "x")]).granted().tracked(1),
        )
        .with_storage(StorageState::new("data/0"))
        .with_storage(StorageState::new("disk/1").at("/dev/sdb"))
        .with_resource("software", "zip")
        .with_open_ports("80")
        .with_open_ports_for("80", "site")
        .with_open_ports("icmp")
        .with_binding("admin", "10.1.2.3", "10.1.2.0/24")
        .with_status(Status::active())
        .with_application_status(Status::waiting("for more"))
        .with_other_unit("web/1", StatusText::new(StatusValue::Error, "hook failed"))
        .with_leader_settings([("k", "v")])
        .with_charm_state("k", "v")
        .with_workload_version("1.5");
    assert_eq!(state.check(&charm(), &JUJU_3), Ok(()));
}

#[test]
fn all_faults_come_at_once() {
    let state = web().with_config("prot", 1).with_relation(RelationState::new("dv:0", "sql"));
    insta::assert_snapshot!(state.check(&charm(), &JUJU_3).unwrap_err(), @"
    Juju could not produce this:
    - config: the charm `web` has no option `prot`
    - relation dv:0: the charm `web` has no endpoint `dv`
    ");
}

#[test]
fn a_state_is_checked_before_it_is_restored() {
    let charm = TestCharm::new("exit 0");
    let state = UnitState::new("exporter/0").with_config("port", 1);
    let refused = builder().build().restore(charm.path(), &state).unwrap_err();
    assert!(matches!(refused, DeployError::State(_)), "{refused}");
    builder().unchecked_states().build().restore(charm.path(), &state).unwrap();
}

#[test]
fn the_recorded_states_of_the_tree_are_ones_that_juju_could_produce() {
    let mut files = CharmFiles::default();
    files.metadata = Some(
        "{name: myapp, summary: s, description: d, requires: {db: {interface: pgsql}}, \
         peers: {cluster: {interface: cluster}}, \
         storage: {data: {type: filesystem, multiple: {range: 0+}}}, resources: \
         {software: {type: file, filename: software.zip}, image: {type: oci-image}}}"
            .to_owned(),
    );
    files.config = Some(
        "options: {name: {}, port: {type: int}, ratio: {type: float}, debug: {type: boolean}, \
         unset: {}, big: {type: int}, multi: {}}"
            .to_owned(),
    );
    files.actions = Some("do-it: {}".to_owned());
    let charm = Charm::from_files(&files).unwrap();
    for name in ["leader.state.json", "minion.state.json"] {
        assert_eq!(crate::recording::own_state(name).check(&charm, &JUJU_3), Ok(()), "{name}");
    }
}
