//! One event at a time, on a scratch machine and in a simulated model.

use charm_machine::{Machine, ScratchPackage, SystemUser};
use juju_simulator::{
    ActionStatus, Fault, RelationState, SimulatedUnit, SimulatedUnitBuilder, Simulator, UnitEvent,
};

use super::*;

#[path = "../../../prometheus-manual-interface/tests/fake_pem/mod.rs"]
pub(crate) mod fake_pem;

use self::fake_pem::fake_pem;

const SERVICE: &str = "exporter-0-node-exporter";
/// Where systemd looks for it.
const FILE: &str = "/etc/systemd/system/exporter-0-node-exporter.service";

/// A machine whose archive has the exporter.
pub(crate) fn machine() -> Machine {
    let machine = Machine::scratch();
    let package = ScratchPackage::new(PACKAGE, "1.7.0-1ubuntu0.3").service(SERVICE_OF_PACKAGE);
    machine.as_scratch().unwrap().provide_package(package);
    // The package brings it.
    machine.add_system_user(&SystemUser::new("prometheus".parse().unwrap())).unwrap();
    machine
}

fn changes(machine: &Machine) -> Vec<String> {
    machine.as_scratch().unwrap().changes().iter().map(ToString::to_string).collect()
}

fn unit() -> SimulatedUnitBuilder {
    Simulator::unit("exporter/0")
}

/// Runs the charm on a machine.
fn on(machine: &Machine, unit: SimulatedUnitBuilder) -> SimulatedUnit {
    let machine = machine.clone();
    unit.charm(move |variables| {
        // What watches the service is the charm's program, and here is none.
        std::fs::write(Path::new(&variables["JUJU_CHARM_DIR"]).join("dispatch"), "").unwrap();
        exporter(machine.clone()).run_in(variables)
    })
}

/// A unit that was deployed, and is idle.
pub(crate) fn deployed(machine: &Machine) -> SimulatedUnit {
    let mut unit = on(machine, unit());
    unit.deploy();
    unit
}

#[test]
fn the_charm_fits_its_yaml() {
    exporter(machine()).check_folder(env!("CARGO_MANIFEST_DIR")).unwrap();
}

#[test]
fn a_new_unit_installs_configures_and_tells_juju() {
    let machine = machine();
    let unit = deployed(&machine);
    assert_eq!(unit.status(), Status::active());
    assert_eq!(unit.state().workload_version(), "1.7.0-1ubuntu0.3");
    assert_eq!(unit.state().open_ports(), [(9100.into(), None)]);
    insta::assert_snapshot!(machine.read(FILE).unwrap().unwrap(), @"
    # Written by the charm: changes are lost.
    [Unit]
    Description=Prometheus node exporter of the unit exporter/0

    [Service]
    User=prometheus
    ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=:9100
    Restart=on-failure

    [Install]
    WantedBy=multi-user.target
    ");
}

#[test]
fn installs_the_package_and_waits_for_its_options() {
    let machine = machine();
    let mut unit = on(&machine, unit());
    unit.run("install");
    assert!(machine.apt().is_installed(PACKAGE).unwrap());
    // The package has started its own, which is not needed.
    assert!(!machine.is_active(SERVICE_OF_PACKAGE).unwrap());
    assert!(!machine.is_enabled(SERVICE_OF_PACKAGE).unwrap());
    assert_eq!(unit.status(), Status::waiting("not configured yet"));
}

#[test]
fn restarts_the_service_only_if_its_arguments_differ() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = changes(&machine);
    unit.run("config-changed");
    assert_eq!(changes(&machine), before);

    unit.change(|state| state.with_config("port", 9200));
    unit.run("config-changed");
    assert_eq!(changes(&machine).last().unwrap(), "restarted exporter-0-node-exporter.service");
    assert_eq!(unit.state().open_ports(), [(9200.into(), None)]);
}

#[test]
fn encrypts_once_it_has_a_certificate() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| {
        let state = state.with_config("tls-cert", fake_pem("CERTIFICATE", "server"));
        state.with_config("tls-key", fake_pem("PRIVATE KEY", "secret"))
    });
    unit.run("config-changed");
    assert_eq!(changes(&machine).last().unwrap(), "restarted exporter-0-node-exporter.service");
    let argument = "--web.config.file=/etc/node-exporter/exporter-0/web.yml";
    assert!(machine.read(FILE).unwrap().unwrap().contains(argument));
    let outcome = unit.run_action("show-endpoint", Value::Null);
    assert!(outcome.results["url"].as_str().unwrap().starts_with("https://"));
    assert!(unit.juju().operations().iter().all(|it| !format!("{:?}", it.log).contains("secret")));

    // Another certificate alone is enough for a restart.
    let before = changes(&machine).len();
    unit.change(|state| state.with_config("tls-cert", fake_pem("CERTIFICATE", "other")));
    unit.run("config-changed");
    let expected = [
        "wrote /etc/node-exporter/exporter-0/tls.crt, owner prometheus:prometheus",
        "restarted exporter-0-node-exporter.service",
    ];
    assert_eq!(changes(&machine)[before..], expected);

    unit.change(|state| state.with_config("tls-cert", "").with_config("tls-key", ""));
    unit.run("config-changed");
    assert!(!machine.exists("/etc/node-exporter/exporter-0").unwrap());
}

#[test]
fn makes_up_for_a_restart_of_which_juju_knows_nothing() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| state.with_config("port", 9200));
    unit.juju().inject("exporter/0", Fault::FailFlush).unwrap();
    unit.try_run("config-changed").unwrap_err();

    let before = changes(&machine).len();
    unit.run("config-changed");
    assert_eq!(changes(&machine)[before..], ["restarted exporter-0-node-exporter.service"]);
}

#[test]
fn a_change_that_was_lost_and_taken_back_is_taken_back_in_the_service_too() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| state.with_config("port", 9200));
    unit.juju().inject("exporter/0", Fault::FailFlush).unwrap();
    unit.try_run("config-changed").unwrap_err();

    unit.change(|state| state.with_config("port", 9100));
    unit.run("config-changed");
    assert!(machine.read(FILE).unwrap().unwrap().contains(":9100"));
    assert_eq!(changes(&machine).last().unwrap(), "restarted exporter-0-node-exporter.service");
}

#[test]
fn a_wrong_option_blocks_and_changes_nothing() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = (changes(&machine), unit.state().open_ports());
    unit.change(|state| state.with_config("port", 99_999));
    unit.run("config-changed");
    assert_eq!(unit.status(), Status::blocked("port: 99999 is not in 1-65535"));
    assert_eq!((changes(&machine), unit.state().open_ports()), before);

    unit.change(|state| state.with_config("port", 9100));
    unit.run("config-changed");
    assert_eq!(unit.status(), Status::active());
    assert_eq!((changes(&machine), unit.state().open_ports()), before);
}

#[test]
fn a_stopped_service_blocks_until_it_runs_again() {
    let machine = machine();
    let mut unit = deployed(&machine);
    machine.stop(SERVICE).unwrap();
    unit.run("update-status");
    assert_eq!(unit.status(), Status::blocked("exporter-0-node-exporter is not running"));
    machine.start(SERVICE).unwrap();
    unit.run("update-status");
    assert_eq!(unit.status(), Status::active());
}

#[test]
fn shows_its_endpoint() {
    let mut unit = on(&machine(), unit().config("port", 9200).address("10.1.2.3"));
    let outcome = unit.run_action("show-endpoint", Value::Null);
    assert_eq!(outcome.results["url"], "http://10.1.2.3:9200/metrics");
}

#[test]
fn puts_an_ipv6_address_into_brackets() {
    let mut unit = on(&machine(), unit().address("2001:db8::7"));
    let outcome = unit.run_action("show-endpoint", Value::Null);
    assert_eq!(outcome.results["url"], "http://[2001:db8::7]:9100/metrics");
}

#[test]
fn has_no_endpoint_to_show_while_its_options_are_wrong() {
    let mut unit = on(&machine(), unit().config("port", 0));
    let outcome = unit.run_action("show-endpoint", Value::Null);
    assert_eq!(outcome.status, ActionStatus::Failed);
    assert_eq!(outcome.message, "port: 0 is not in 1-65535");
}

#[test]
fn the_restart_action_restarts() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = changes(&machine).len();
    let outcome = unit.run_action("restart", Value::Null);
    assert_eq!(outcome.results["restarted"], SERVICE);
    assert_eq!(changes(&machine)[before..], ["restarted exporter-0-node-exporter.service"]);
}

#[test]
fn stops_cleanly() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.run("stop");
    assert!(unit.state().open_ports().is_empty());
    assert!(!machine.is_active(SERVICE).unwrap());
    assert!(!machine.is_enabled(SERVICE).unwrap());
}

#[test]
fn removes_its_file_and_leaves_the_package() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.run("stop");
    unit.run("remove");
    assert!(!machine.exists(FILE).unwrap());
    assert!(machine.apt().is_installed(PACKAGE).unwrap());
}

/// A unit whose relation has one unit of Prometheus, which has published this.
fn related(machine: &Machine, data: &[(&str, &str)]) -> SimulatedUnit {
    let mut unit = on(machine, unit().address("10.0.0.5"));
    unit.deploy();
    let data: Vec<_> =
        data.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    unit.change(|state| {
        let relation = RelationState::new("prometheus:1", "prometheus");
        state.with_relation(relation.with_unit("prometheus/0", data))
    });
    unit.run(UnitEvent::new("prometheus-relation-joined").unit("prometheus/0"));
    unit
}

fn request(unit: &SimulatedUnit) -> (String, String) {
    let data = unit.relation("prometheus:1").own_data().clone();
    let mut requests = data.into_iter().filter(|(key, _)| key.starts_with("request_"));
    let request = requests.next().unwrap();
    assert!(requests.next().is_none());
    request
}

#[test]
fn hands_its_job_to_prometheus_and_keeps_it_up_to_date() {
    let machine = machine();
    let mut unit = related(&machine, &[]);
    let (key, text) = request(&unit);
    insta::assert_snapshot!(text, @r#"{"ca_cert": null, "client_cert": null, "client_key": null, "job_data": {"static_configs": [{"targets": ["10.0.0.5:9100"]}]}, "job_name": "node", "request_id": "6d1627d4-a0b9-57d0-809d-2ae7638f5ee3"}"#);

    unit.change(|state| {
        let state = state.with_config("port", 9200);
        let state = state.with_config("tls-cert", fake_pem("CERTIFICATE", "server"));
        let state = state.with_config("tls-key", fake_pem("PRIVATE KEY", "t0p secret"));
        let state = state.with_config("tls-ca", fake_pem("CERTIFICATE", "authority"));
        let state = state.with_config("client-cert", fake_pem("CERTIFICATE", "client"));
        state.with_config("client-key", fake_pem("PRIVATE KEY", "client"))
    });
    unit.run("config-changed");
    let (same, text) = request(&unit);
    assert_eq!(same, key);
    insta::assert_snapshot!(text, @r#"{"ca_cert": "-----BEGIN CERTIFICATE-----\nMC4+authority+++++++++++++++++++++++++++++++++++++++++++++++++++\n-----END CERTIFICATE-----\n", "client_cert": "-----BEGIN CERTIFICATE-----\nMC4+client++++++++++++++++++++++++++++++++++++++++++++++++++++++\n-----END CERTIFICATE-----\n", "client_key": "-----BEGIN PRIVATE KEY-----\nMC4+client++++++++++++++++++++++++++++++++++++++++++++++++++++++\n-----END PRIVATE KEY-----\n", "job_data": {"scheme": "https", "static_configs": [{"targets": ["10.0.0.5:9200"]}], "tls_config": {"ca_file": "__ca_file__", "cert_file": "__cert_file__", "key_file": "__key_file__"}}, "job_name": "node", "request_id": "6d1627d4-a0b9-57d0-809d-2ae7638f5ee3"}"#);
    assert!(!text.contains("t0p+secret"));
}

#[test]
fn a_refused_job_is_shown() {
    let machine = machine();
    let mut unit = related(&machine, &[]);
    let response = request(&unit).0.replace("request", "response");
    unit.change(|state| {
        let relation = state.relations()[0].clone();
        let refusal = r#"{"success": false, "reason": "no room"}"#;
        state.with_relation(relation.with_unit("prometheus/0", [(response, refusal)]))
    });
    unit.run(UnitEvent::new("prometheus-relation-changed").unit("prometheus/0"));
    assert_eq!(unit.status(), Status::waiting("prometheus/0 refuses the job node"));
}

#[test]
fn hooks_that_nobody_knows_are_fine() {
    let mut unit = deployed(&machine());
    unit.run(UnitEvent::custom("brand-new-hook"));
    assert_eq!(unit.status(), Status::active());
}
