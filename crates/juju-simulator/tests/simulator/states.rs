//! Units in a state that is given.

use juju_simulator::UnitState;
use juju_types::Event;

use crate::charm::{TestCharm, builder, last, names, workload};

const STATE: &str = r#"{
    "unit": "exporter/3",
    "model_name": "prod",
    "public_address": "198.51.100.7",
    "private_address": "10.9.8.7",
    "leader": false,
    "leader_settings": {"k": "v"},
    "config": {"port": 9100, "name": null},
    "opened_ports": [{"endpoint": "db", "protocol": "tcp", "from": 80, "to": 90}],
    "unit_status": {"status": "active", "message": "ready"},
    "app_status": {"status": "waiting", "message": "for more"},
    "app_units": {"exporter/7": {"status": "blocked", "message": "no"}},
    "workload_version": "1.5",
    "charm_state": {"a": "b"}
}"#;

fn charm(dispatch: &str) -> TestCharm {
    TestCharm::new(dispatch)
        .file(
            "metadata.yaml",
            "{name: exporter, summary: s, description: d, requires: {db: {interface: sql}}}",
        )
        .config("  port: {type: int}\n  name: {}\n")
}

fn state() -> UnitState {
    STATE.parse().unwrap()
}

#[test]
fn a_unit_is_idle_in_its_state_until_something_happens() {
    let charm = charm(
        "juju-log \"$(is-leader) $(leader-get k) $(config-get port) $(unit-get private-address) $(state-get a)\"
        status-get --include-data
        opened-ports --endpoints",
    );
    let mut juju = builder().build();
    let unit = juju.restore(charm.path(), &state()).unwrap();
    assert_eq!(unit.to_string(), "exporter/3");
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), [""; 0]);
    assert_eq!(workload(&juju, "exporter/3"), "active: ready");

    juju.run_hook("exporter/3", &Event::UpdateStatus).unwrap();
    let log: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(
        log,
        [
            "False v 9100 10.9.8.7 b",
            "message: ready",
            "status: active",
            "status-data: {}",
            "80-90/tcp (db)"
        ]
    );
    assert_eq!(juju.add_unit("exporter").unwrap().to_string(), "exporter/8");
}

#[test]
fn a_state_that_is_given_back_can_be_restored() {
    let charm = charm("exit 0");
    let mut juju = builder().build();
    juju.restore(charm.path(), &state()).unwrap();
    let first = juju.unit_state("exporter/3").unwrap();

    let mut other = builder().build();
    other.restore(charm.path(), &first).unwrap();
    assert_eq!(other.unit_state("exporter/3").unwrap(), first);
    let json = |state: &UnitState| serde_json::to_value(state).unwrap();
    assert_eq!(json(&first)["opened_ports"], json(&state())["opened_ports"]);
    assert_eq!(json(&first)["app_units"], json(&state())["app_units"]);
}

#[test]
fn units_that_are_only_seen_go_with_their_application() {
    let charm = charm("exit 0");
    let mut juju = builder().build();
    juju.restore(charm.path(), &state()).unwrap();
    assert!(juju.status().unit("exporter/7").is_some());
    assert!(juju.update_status("exporter/7").is_err());
    juju.remove_application("exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), ["stop", "remove"]);
    assert!(juju.status().application("exporter").is_none());
}

#[test]
fn a_hook_out_of_turn_leaves_a_failed_one_as_it_is() {
    let charm = TestCharm::new("[ $JUJU_HOOK_NAME != install ]");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju.run_hook("exporter/0", &Event::UpdateStatus).unwrap();
    assert!(last(&juju).exit.is_success());
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
}

#[test]
fn a_charm_can_keep_2_mib_of_state() {
    let charm = TestCharm::new("state-set b=y");
    let exit = |last_value: usize| {
        let mut state =
            UnitState::new("exporter/0").with_charm_state("last", "x".repeat(last_value));
        for number in 10..41 {
            state = state.with_charm_state(format!("k{number}"), "x".repeat(65_536));
        }
        let mut juju = builder().build();
        juju.restore(charm.path(), &state).unwrap();
        juju.run_hook("exporter/0", &Event::UpdateStatus).unwrap();
        last(&juju).exit.to_string()
    };
    assert_eq!(exit(65_201), "exit status 0");
    assert_eq!(
        exit(65_202),
        "exit status 0, but cannot flush: persisting charm state: max allowed size (2097152) exceeded"
    );
}
