//! What a unit has by itself.

use juju_simulator::{StatusText, StorageState};
use juju_types::{Charm, CharmFiles, JujuVersion, Status, StatusValue};

use super::{ID, JUJU_3, METADATA, faults, faults_in, json, web};

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
