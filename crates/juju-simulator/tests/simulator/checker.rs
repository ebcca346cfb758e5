//! States and events that Juju could not produce.

use juju_simulator::{
    DeployError, RelationState, SecretState, StatusText, StorageState, UnitState,
};
use juju_types::{Charm, CharmFiles, Event, JujuVersion, Status, StatusValue, StorageContext};

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
fn config_has_the_options_of_the_charm_and_their_types() {
    let state = web()
        .with_config("prot", 1)
        .with_config("port", "80")
        .with_config("debug", "yes")
        .with_config("name", 7)
        .with_config("ratio", "high");
    insta::assert_snapshot!(faults(&state), @r#"
    config: the option `debug` is of type boolean, and "yes" is not
    config: the option `name` is of type string, and 7 is not
    config: the option `port` is of type int, and "80" is not
    config: the charm `web` has no option `prot`
    config: the option `ratio` is of type float, and "high" is not
    "#);
}

#[test]
fn an_option_with_a_default_has_a_value() {
    let state = web().with_config("port", serde_json::Value::Null);
    insta::assert_snapshot!(faults(&state), @"config: the option `port` has a default, and so always a value");
}

#[test]
fn an_option_that_is_a_secret_needs_a_juju_that_knows_it() {
    let mut files = CharmFiles::default();
    files.metadata = Some(METADATA.to_owned());
    files.config = Some("options: {key: {type: secret}}".to_owned());
    let charm = Charm::from_files(&files).unwrap();
    let state = web().with_config("key", format!("secret:{ID}"));
    assert_eq!(state.check(&charm, &JUJU_3), Ok(()));
    let state = state.with_config("key", "hunter2");
    insta::assert_snapshot!(state.check(&charm, &JujuVersion::new(3, 2, 0)).unwrap_err(), @r#"
    Juju could not produce this:
    - config: the option `key` is of type secret, and "hunter2" is not
    - config: Juju 3.2.0 has no options of type secret
    "#);
}

#[test]
fn a_relation_is_one_of_an_endpoint() {
    insta::assert_snapshot!(faults(&web().with_relation(RelationState::new("dv:0", "sql"))), @"relation dv:0: the charm `web` has no endpoint `dv`");
}

#[test]
fn a_relation_has_role_and_interface_of_its_endpoint() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "role": "provider", "interface": "mongo", "remote_app": "sql"}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"
    relation db:7: the charm defines its role as requirer
    relation db:7: the charm defines its interface as `sql`
    ");
}

#[test]
fn relation_ids_are_unique() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "remote_app": "sql"}, {"id": 7, "endpoint": "cache", "remote_app": "redis"}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation cache:7: db:7 has the same id");
}

#[test]
fn peers_have_no_other_application() {
    let state = web().with_relation(RelationState::new("cluster:1", "sql"));
    insta::assert_snapshot!(faults(&state), @"relation cluster:1: peers have no other application `sql`");
    let peers = RelationState::peers("cluster:1").with_application_data([("a", "b")]);
    insta::assert_snapshot!(faults(&web().with_relation(peers)), @"relation cluster:1: peers have no remote application that could publish data");
}

#[test]
fn a_relation_that_is_not_one_of_peers_has_a_remote_application() {
    insta::assert_snapshot!(faults(&web().with_relation(RelationState::peers("db:1"))), @"relation db:1: it needs a remote application");
}

#[test]
fn remote_units_are_those_of_the_remote_application() {
    let none = [("a", "b"); 0];
    let db = db().with_unit("redis/0", none).with_unit("web/0", none);
    let peers = RelationState::peers("cluster:1").with_unit("sql/0", none).with_unit("web/0", none);
    insta::assert_snapshot!(faults(&web().with_relation(db).with_relation(peers)), @"
    relation db:7: redis/0 is no unit of `sql`
    relation db:7: web/0 is the unit itself, and no remote one
    relation cluster:1: sql/0 is no unit of `web`
    relation cluster:1: web/0 is the unit itself, and no remote one
    ");
}

#[test]
fn a_unit_sees_only_the_one_beside_it_in_a_container_scope() {
    let mut files = CharmFiles::default();
    files.metadata = Some(
        "{name: logger, summary: s, description: d, subordinate: true, \
         requires: {host: {interface: juju-info, scope: container}}}"
            .to_owned(),
    );
    let charm = Charm::from_files(&files).unwrap();
    let none = [("a", "b"); 0];
    let host = RelationState::new("host:0", "web").with_unit("web/0", none);
    let state = UnitState::new("logger/0").with_relation(host.clone());
    assert_eq!(state.check(&charm, &JUJU_3), Ok(()));
    let state = state.with_relation(host.with_unit("web/1", none));
    insta::assert_snapshot!(state.check(&charm, &JUJU_3).unwrap_err(), @"
    Juju could not produce this:
    - relation host:0: in its container scope the unit sees one unit, not 2
    ");
}

#[test]
fn members_of_a_relation_have_data() {
    let state = json(
        r#""relations": [{"id": 7, "endpoint": "db", "remote_app": "sql", "members": ["sql/0"]}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation db:7: sql/0 is a member without any data");
}

#[test]
fn relation_data_have_keys_and_no_empty_values() {
    let db = db()
        .with_application_data([("", "1")])
        .with_own_data([("a=b", "1")])
        .with_own_application_data([("version", "")]);
    insta::assert_snapshot!(faults(&web().with_relation(db)), @"
    relation db:7: `a=b` is no key that web/0 could publish
    relation db:7: `version` of web is empty, and Juju deletes empty values
    relation db:7: `` is no key that sql could publish
    ");
}

#[test]
fn an_endpoint_has_as_many_relations_as_it_may() {
    let state = web()
        .with_relation(db())
        .with_relation(RelationState::new("db:8", "postgresql"))
        .with_relation(RelationState::peers("cluster:1"))
        .with_relation(RelationState::peers("cluster:2"));
    insta::assert_snapshot!(faults(&state), @"
    endpoint cluster: peers have one relation, not 2
    endpoint db: the charm limits it to 1, not 2
    ");
}

#[test]
fn two_endpoints_are_related_once() {
    let state = json(
        r#""relations": [
            {"id": 1, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "backend"},
            {"id": 2, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "backend"},
            {"id": 3, "endpoint": "site", "remote_app": "proxy", "remote_endpoint": "website"}
        ]"#,
    );
    insta::assert_snapshot!(faults(&state), @"relation site:2: site:1 is between the same endpoints");
}

#[test]
fn there_are_no_secrets_before_juju_3() {
    let state = web().with_secret(secret());
    insta::assert_snapshot!(faults_in(&state, &JujuVersion::new(2, 9, 52)), @"secrets: Juju 2.9.52 has none");
}

#[test]
fn a_secret_has_an_owner_and_a_rotation_that_juju_knows() {
    let state = json(&format!(
        r#""secrets": [{{"id": "{ID}", "owner": "web", "rotate": "sometimes", "revisions": [{{"revision": 1, "content": {{"key": ""}}}}]}}]"#
    ));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: `web` is neither `application-NAME` nor `unit-NAME-NUMBER`
    secret 9m4e2mr0ui3e8a215n4g: Juju knows no rotation `sometimes`
    ");
}

#[test]
fn a_secret_of_its_own_is_not_granted_to_a_unit() {
    insta::assert_snapshot!(faults(&web().with_secret(secret().granted())), @"secret 9m4e2mr0ui3e8a215n4g: the unit's own secrets are granted to others only");
}

#[test]
fn secrets_have_ids_and_labels_of_their_own() {
    let one = format!(
        r#"{{"id": "{ID}", "owner": "application-web", "label": "a", "revisions": [{{"revision": 1, "content": {{"key": "eA=="}}}}]}}"#
    );
    insta::assert_snapshot!(faults(&json(&format!(r#""secrets": [{one}, {one}]"#))), @"
    secret 9m4e2mr0ui3e8a215n4g: another one has the same id
    secret 9m4e2mr0ui3e8a215n4g: `application-web` has another one labelled `a`
    ");
}

#[test]
fn a_secret_has_revisions_in_order_and_content() {
    let state = web()
        .with_secret(SecretState::new(ID, "web"))
        .with_secret(SecretState::new(OTHER_ID, "web").with_content([("key", "x"); 0]));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: it has no content
    secret 9m4e2mr0ui3e8a215n50: revision 1 is empty
    ");
    let state = json(&format!(
        r#""secrets": [{{"id": "{ID}", "owner": "unit-web-0", "revisions": [
            {{"revision": 2, "content": {{"key": "eA=="}}}}, {{"revision": 1, "content": {{"key": "?"}}}}
        ]}}]"#
    ));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: revision 1 cannot follow on 2
    secret 9m4e2mr0ui3e8a215n4g: the value of `key` is not in base64
    ");
}

#[test]
fn a_secret_has_keys_and_sizes_that_juju_takes() {
    let large = "x".repeat(800_000);
    let content = [("pw", "x"), ("large", &large)];
    let state = web().with_secret(SecretState::new(ID, "web").with_content(content));
    insta::assert_snapshot!(faults(&state), @"
    secret 9m4e2mr0ui3e8a215n4g: the value of `large` is too large: 1066668 bytes
    secret 9m4e2mr0ui3e8a215n4g: `pw` is no key of a secret
    secret 9m4e2mr0ui3e8a215n4g: revision 1 is too large: 1066672 bytes
    ");
}

#[test]
fn a_unit_tracks_a_revision_that_is_there() {
    insta::assert_snapshot!(faults(&web().with_secret(secret().tracked(2))), @"secret 9m4e2mr0ui3e8a215n4g: the unit cannot track revision 2, which it has not");
}

#[test]
fn storage_is_what_the_charm_defines() {
    let state = json(
        r#""storage": [{"id": "data/0", "kind": "block"}, {"id": "logs/1"}],
           "storage_added": [{"name": "tapes", "constraints": {"count": 1}}]"#,
    );
    insta::assert_snapshot!(faults(&state), @"
    storage data/0: the charm defines it as filesystem
    storage logs/1: the charm `web` has no storage `logs`
    storage that was added: the charm `web` has no storage `tapes`
    ");
}

#[test]
fn storage_has_numbers_that_are_unique_in_the_model() {
    let state =
        web().with_storage(StorageState::new("data/0")).with_storage(StorageState::new("disk/0"));
    insta::assert_snapshot!(faults(&state), @"storage disk/0: data/0 has the same number, which is unique in a model");
}

#[test]
fn there_is_as_much_storage_as_the_charm_wants() {
    let state =
        web().with_storage(StorageState::new("disk/0")).with_storage(StorageState::new("disk/1"));
    insta::assert_snapshot!(faults(&state), @"
    storage data: the charm wants at least 1, not 0
    storage disk: the charm wants at most 1, not 2
    ");
}

#[test]
fn resources_are_those_of_the_charm() {
    let state = json(
        r#""resources": {
            "image": {"content": ""},
            "software": {"type": "file", "path": "other.zip", "content": ""}
        }"#,
    );
    insta::assert_snapshot!(faults(&state), @"
    resources: the charm `web` has no resource `image`
    resource software: the charm calls the file `software.zip`
    ");
    let state = json(r#""resources": {"software": {"type": "oci-image", "content": ""}}"#);
    insta::assert_snapshot!(faults(&state), @"resource software: the charm defines it as file");
}

#[test]
fn open_ports_do_not_overlap() {
    let state = web().with_open_ports("80-90").with_open_ports("85").with_open_ports("85/udp");
    insta::assert_snapshot!(faults(&state), @"ports: 85/tcp overlaps with 80-90/tcp");
}

#[test]
fn ports_are_ports_of_endpoints() {
    let state = json(
        r#""opened_ports": [
            {"endpoint": "", "protocol": "tcp", "from": 90, "to": 80},
            {"endpoint": "door", "protocol": "tcp", "from": 80, "to": 80}
        ]"#,
    );
    insta::assert_snapshot!(faults(&state), @"
    ports: 90-80/tcp is no range of ports
    ports: 80/tcp: the charm `web` has no endpoint `door`
    ");
    let state = web().with_open_ports("0");
    insta::assert_snapshot!(faults_in(&state, &JujuVersion::new(2, 9, 52)), @"ports: 0/tcp: Juju 2.9.52 opens no port 0");
}

#[test]
fn what_is_bound_is_an_endpoint_or_an_extra_binding() {
    let state = web().with_binding("door", "10.1.2.3", "10.1.2.0/24");
    insta::assert_snapshot!(faults(&state), @"network: the charm `web` has no endpoint or extra binding `door`");
}

#[test]
fn a_status_is_one_that_a_charm_can_set() {
    let state = web()
        .with_status(StatusText::new(StatusValue::Error, "hook failed"))
        .with_application_status(StatusText::new("unknown", "no idea"))
        .with_other_unit("web/1", StatusText::new("asleep", ""));
    insta::assert_snapshot!(faults(&state), @"
    status: a charm cannot set `error`
    application status: `unknown` has no message: a charm cannot set it
    unit web/1: Juju knows no status `asleep`
    ");
}

#[test]
fn other_units_are_others_of_the_application() {
    let state =
        web().with_other_unit("web/0", Status::active()).with_other_unit("sql/0", Status::active());
    insta::assert_snapshot!(faults(&state), @"
    unit sql/0: it is no unit of the application `web`
    unit web/0: it is the unit itself, and no other one
    ");
}

#[test]
fn there_are_no_leader_settings_in_juju_4() {
    let state = web().with_leader_settings([("k", "v")]);
    insta::assert_snapshot!(faults_in(&state, &JujuVersion::new(4, 0, 15)), @"leader settings: Juju 4.0.15 has none");
}

#[test]
fn an_action_is_defined_and_its_parameters_fit() {
    let state = |action: &str| json(&format!(r#""action": {action}"#));
    insta::assert_snapshot!(faults(&state(r#"{"name": "restore", "id": "x"}"#)), @"
    action: the charm `web` has no action `restore`
    action restore: `x` is no id of a task
    ");
    insta::assert_snapshot!(faults(&state(r#"{"name": "backup", "id": "7"}"#)), @r#"action backup: validation failed: (root) : "target" property is missing and required, given {}"#);
}

#[test]
fn an_action_is_no_hook() {
    let action = Event::Action("backup".parse().unwrap());
    insta::assert_snapshot!(event_faults(&web(), &action), @"backup: it is an action and no hook: run it as one");
}

#[test]
fn hooks_are_those_of_the_version() {
    let juju_2 = JujuVersion::new(2, 9, 52);
    let juju_4 = JujuVersion::new(4, 0, 15);
    let own = web().with_secret(secret().with_rotation("daily").tracked(1)).with_leadership();
    assert_eq!(web().check_event(&Event::CollectMetrics, &charm(), &juju_2), Ok(()));
    assert_eq!(web().check_event(&Event::PostSeriesUpgrade, &charm(), &juju_2), Ok(()));
    let refused = [
        event_faults(&web(), &Event::CollectMetrics),
        event_faults(&web(), &Event::MeterStatusChanged),
        event_faults_in(&web(), &Event::LeaderSettingsChanged, &juju_4),
        event_faults_in(&web(), &Event::PreSeriesUpgrade { base: None, series: None }, &juju_4),
        event_faults_in(&web(), &Event::PostSeriesUpgrade, &juju_4),
        event_faults_in(&own, &secret_event("secret-rotate", ""), &juju_2),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    collect-metrics: Juju 3.6.28 has no such hook
    meter-status-changed: Juju 3.6.28 has no such hook
    leader-settings-changed: Juju 4.0.15 has no such hook
    pre-series-upgrade: Juju 4.0.15 has no such hook
    post-series-upgrade: Juju 4.0.15 has no such hook
    secret-rotate: Juju 2.9.52 has no such hook
    ");
}

#[test]
fn leadership_is_told_to_those_whom_it_concerns() {
    insta::assert_snapshot!(event_faults(&web(), &Event::LeaderElected), @"leader-elected: the unit is not the leader");
    let leader = web().with_leadership();
    insta::assert_snapshot!(event_faults(&leader, &Event::LeaderSettingsChanged), @"leader-settings-changed: the unit is the leader, and nobody tells it");
}

#[test]
fn there_is_no_pebble_on_a_machine() {
    let ready = Event::PebbleReady("web".parse().unwrap());
    insta::assert_snapshot!(event_faults(&web(), &ready), @"web-pebble-ready: units on machines have no containers");
}

#[test]
fn a_relation_hook_is_about_a_relation_of_the_unit() {
    let created = |id: &str| relation_event("db-relation-created", id, "");
    insta::assert_snapshot!(event_faults(&web(), &created("db:7")), @"db-relation-created: the unit is in no relation db:7");
    let cache = RelationState::new("cache:7", "redis");
    insta::assert_snapshot!(event_faults(&web().with_relation(cache), &created("db:7")), @"db-relation-created: the relation cache:7 is not one of `db`");
    let changed = event(
        "db-relation-changed",
        &[("JUJU_RELATION_ID", "db:7"), ("JUJU_REMOTE_APP", "postgresql")],
    );
    insta::assert_snapshot!(event_faults(&web().with_relation(db()), &changed), @"db-relation-changed: the relation db:7 is one with `sql`");
}

#[test]
fn a_unit_joins_and_changes_that_is_there() {
    let state = web().with_relation(db());
    for hook in ["db-relation-joined", "db-relation-changed"] {
        let there = relation_event(hook, "db:7", "sql/0");
        assert_eq!(state.check_event(&there, &charm(), &JUJU_3), Ok(()));
    }
    let joined = relation_event("db-relation-joined", "db:7", "sql/1");
    insta::assert_snapshot!(event_faults(&state, &joined), @"db-relation-joined: sql/1 is not in the relation db:7");
    let gone = web().with_relation(db().without_unit("sql/0"));
    let changed = relation_event("db-relation-changed", "db:7", "sql/0");
    insta::assert_snapshot!(event_faults(&gone, &changed), @"db-relation-changed: sql/0 is not in the relation db:7");
}

#[test]
fn a_unit_departs_that_was_there() {
    let departed = |departing: &str| {
        event(
            "db-relation-departed",
            &[
                ("JUJU_RELATION_ID", "db:7"),
                ("JUJU_REMOTE_UNIT", "sql/0"),
                ("JUJU_DEPARTING_UNIT", departing),
            ],
        )
    };
    let state = web().with_relation(db());
    assert_eq!(state.check_event(&departed("web/0"), &charm(), &JUJU_3), Ok(()));
    insta::assert_snapshot!(event_faults(&state, &departed("sql/1")), @"db-relation-departed: it is sql/0 or web/0 that departs, and not sql/1");
    let empty = web().with_relation(RelationState::new("db:7", "sql"));
    insta::assert_snapshot!(event_faults(&empty, &departed("sql/0")), @"db-relation-departed: sql/0 was never in the relation db:7");
}

#[test]
fn a_relation_breaks_when_all_have_departed_and_one_of_peers_never() {
    let broken = relation_event("db-relation-broken", "db:7", "");
    insta::assert_snapshot!(event_faults(&web().with_relation(db()), &broken), @"db-relation-broken: sql/0 must have departed before, see `RelationState::without_unit`");
    let left = web().with_relation(db().without_unit("sql/0"));
    assert_eq!(left.check_event(&broken, &charm(), &JUJU_3), Ok(()));
    let peers = web().with_relation(RelationState::peers("cluster:1"));
    let broken = relation_event("cluster-relation-broken", "cluster:1", "");
    insta::assert_snapshot!(event_faults(&peers, &broken), @"cluster-relation-broken: a relation of peers ends with the unit, without any hook");
    // What the leader tells its peers is a change of an application.
    let changed = relation_event("cluster-relation-changed", "cluster:1", "");
    assert_eq!(peers.check_event(&changed, &charm(), &JUJU_3), Ok(()));
}

#[test]
fn a_secret_changes_for_those_who_read_it() {
    let changed = secret_event("secret-changed", "");
    let foreign = || SecretState::new(ID, "sql").with_content([("token", "x")]).granted();
    insta::assert_snapshot!(event_faults(&web(), &changed), @"secret-changed: the unit knows no secret 9m4e2mr0ui3e8a215n4g");
    insta::assert_snapshot!(event_faults(&web().with_secret(foreign()), &changed), @"secret-changed: the unit has never read the secret 9m4e2mr0ui3e8a215n4g");
    insta::assert_snapshot!(event_faults(&web().with_secret(foreign().tracked(1)), &changed), @"secret-changed: the secret 9m4e2mr0ui3e8a215n4g has nothing newer than revision 1");
    let own = web().with_leadership().with_secret(secret());
    insta::assert_snapshot!(event_faults(&own, &changed), @"secret-changed: the unit itself changes the secret 9m4e2mr0ui3e8a215n4g");
    // Who is not the leader reads the secrets of its application.
    let news = secret().with_content([("password", "new")]).tracked(1);
    assert_eq!(web().with_secret(news).check_event(&changed, &charm(), &JUJU_3), Ok(()));
}

#[test]
fn a_secret_is_looked_after_by_those_who_may_change_it() {
    for (hook, revision) in [("secret-rotate", ""), ("secret-expired", "1"), ("secret-remove", "1")]
    {
        let faults = event_faults(&web().with_secret(secret()), &secret_event(hook, revision));
        assert!(faults.ends_with("is that of `application-web`, and no business of this unit"));
    }
}

#[test]
fn a_secret_hook_is_about_what_can_happen_to_the_secret() {
    let own = web().with_leadership().with_secret(secret());
    let refused = [
        event_faults(&own, &secret_event("secret-rotate", "")),
        event_faults(&own, &secret_event("secret-expired", "1")),
        event_faults(&own, &secret_event("secret-expired", "2")),
        event_faults(&own, &secret_event("secret-remove", "1")),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    secret-rotate: the secret 9m4e2mr0ui3e8a215n4g is not to be renewed
    secret-expired: revision 1 of the secret 9m4e2mr0ui3e8a215n4g never expires
    secret-expired: revision 2 of the secret 9m4e2mr0ui3e8a215n4g is not there
    secret-remove: revision 1 of the secret 9m4e2mr0ui3e8a215n4g is the latest
    ");
}

#[test]
fn a_storage_hook_is_about_storage_of_the_unit() {
    let state = web().with_storage(StorageState::new("data/0"));
    let attached = |name: &str, id: Option<&str>| {
        let mut context = StorageContext::new(name.parse().unwrap());
        context.id = id.map(|id| id.parse().unwrap());
        Event::StorageAttached(context)
    };
    let refused = [
        event_faults(&state, &attached("tapes", Some("tapes/0"))),
        event_faults(&state, &attached("data", Some("data/1"))),
        event_faults(&state, &attached("data", None)),
    ];
    insta::assert_snapshot!(refused.join("\n"), @"
    tapes-storage-attached: the charm `web` has no storage `tapes`
    data-storage-attached: the unit has no storage data/1
    data-storage-attached: it must be said which storage is meant
    ");
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
