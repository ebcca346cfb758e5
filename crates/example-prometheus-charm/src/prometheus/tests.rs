//! One event at a time, on a scratch machine and in a simulated model.

use std::path::Path;
use std::sync::Mutex;

use charm_machine::{Command, Machine, Mode, Output, ScratchPackage};
use juju_simulator::{Fault, RelationState, SimulatedUnit, Simulator, UnitEvent};
use juju_types::StatusKind;

use super::*;

#[path = "../../../prometheus-manual-interface/tests/fake_pem/mod.rs"]
mod fake_pem;

use self::fake_pem::fake_pem;

const SERVICE: &str = "prometheus-0-server";
const CONFIG: &str = "/etc/prometheus/prometheus-0/prometheus.yml";
const CERTIFICATES: &str = "/etc/prometheus/prometheus-0/certificates";

/// A machine whose archive has Prometheus. Its promtool refuses what contains
/// the word `poison`, and knows of two targets; its Prometheus refuses what
/// contains `mismatch`.
fn machine() -> Machine {
    let machine = Machine::scratch();
    let scratch = machine.as_scratch().unwrap();
    let package = ScratchPackage::new(PACKAGE, "2.42.0+ds-5+b5").service(SERVICE_OF_PACKAGE);
    scratch.provide_package(package);
    machine.make_dir("/etc/prometheus").unwrap();
    scratch.on_command("promtool", promtool);
    scratch.on_command("curl", server(scratch.root()));
    machine
}

/// What Prometheus says about the last of its reloads.
fn server(root: &Path) -> impl Fn(&Command) -> Output + Send + Sync + 'static {
    let config = root.join(&CONFIG[1..]);
    let changes = root.with_file_name("changes.txt");
    let last = Mutex::new((0, true, 0));
    move |_| {
        let mut last = last.lock().unwrap();
        let (reloads, is_successful, success) = &mut *last;
        let changes = std::fs::read_to_string(&changes).unwrap();
        let number = changes.lines().filter(|line| line.starts_with("reloaded ")).count();
        if number != *reloads {
            *reloads = number;
            *is_successful = !std::fs::read_to_string(&config).unwrap().contains("mismatch");
            *success = if *is_successful { number } else { *success };
        }
        Output::success(format!(
            "prometheus_config_last_reload_successful {}\n\
             prometheus_config_last_reload_success_timestamp_seconds 1.{success}e+09\n",
            u8::from(*is_successful)
        ))
    }
}

fn promtool(command: &Command) -> Output {
    let arguments = command.arguments();
    if arguments[0] == "query" {
        return Output::success(
            r#"[{"metric": {"job": "prometheus"}, "value": [0, "1"]},
                {"metric": {"job": "exporter-0-node"}, "value": [0.5, "1"]},
                {"metric": {"job": "exporter-0-node"}, "value": [0.5, "0"]}]"#,
        );
    }
    match std::fs::read_to_string(&arguments[2]) {
        Ok(config) if !config.contains("poison") => Output::success("SUCCESS"),
        _ => Output::failure(1, "FAILED: parsing: unknown `t0p-secret`"),
    }
}

/// What has happened to the machine; questions are nothing that happens.
fn changes(machine: &Machine) -> Vec<String> {
    let mut changes = machine.as_scratch().unwrap().changes();
    changes.retain(|change| !change.starts_with("ran "));
    changes
}

/// What the charm has written as its configuration.
fn config(machine: &Machine) -> String {
    machine.read(CONFIG).unwrap().unwrap()
}

/// The names of the certificate files.
fn certificates(machine: &Machine) -> Vec<String> {
    let folder = machine.as_scratch().unwrap().root().join(&CERTIFICATES[1..]);
    let Ok(files) = folder.read_dir() else { return Vec::new() };
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The names of what is in the folder of the configuration.
fn files_beside(machine: &Machine) -> Vec<String> {
    let config = machine.as_scratch().unwrap().root().join(&CONFIG[1..]);
    let files = config.parent().unwrap().read_dir().unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A unit that was deployed, and is idle.
fn deployed(machine: &Machine) -> SimulatedUnit {
    let machine = machine.clone();
    let mut unit = Simulator::unit("prometheus/0")
        .charm(move |variables| prometheus(machine.clone()).run_in(variables));
    unit.deploy();
    unit
}

/// The text of a request.
fn request(id: u8, name: &str, more: &str) -> (String, String) {
    let id = format!("00000000-0000-4000-8000-0000000000{id:02}");
    let certificate = json!(fake_pem("CERTIFICATE", "authority"));
    let client = json!(fake_pem("CERTIFICATE", "client"));
    let key = json!(fake_pem("PRIVATE KEY", "t0p secret"));
    let text = format!(
        r#"{{"job_name": "{name}", "request_id": "{id}",
            "job_data": {{"static_configs": [{{"targets": ["10.0.0.5:9100"]}}]{more}}},
            "ca_cert": {certificate}, "client_cert": {client}, "client_key": {key}}}"#
    );
    (format!("request_{id}"), text)
}

/// Has a unit of another application ask for jobs, which this one then sees.
fn ask(unit: &mut SimulatedUnit, requests: &[(String, String)]) {
    let requests = requests.to_vec();
    let is_new = unit.state().relations().is_empty();
    unit.change(move |state| {
        let relation = RelationState::new("manual-jobs:1", "exporter");
        let relation = relation.with_unit("exporter/0", requests);
        let own = state.relations().first().map(|relation| relation.own_data().clone());
        state.with_relation(relation.with_own_data(own.unwrap_or_default()))
    });
    if is_new {
        unit.run(UnitEvent::new("manual-jobs-relation-joined").unit("exporter/0"));
    }
    unit.run(UnitEvent::new("manual-jobs-relation-changed").unit("exporter/0"));
}

/// What a request was answered.
fn answer(unit: &SimulatedUnit, id: u8) -> Option<String> {
    let key = format!("response_00000000-0000-4000-8000-0000000000{id:02}");
    unit.relation("manual-jobs:1").own_data().get(&key).cloned()
}

const GOOD: &str = r#"{"reason": null, "success": true}"#;

#[test]
fn the_charm_fits_its_yaml() {
    prometheus(machine()).check_folder(env!("CARGO_MANIFEST_DIR")).unwrap();
}

#[test]
fn a_new_unit_installs_configures_and_tells_juju() {
    let machine = machine();
    let unit = deployed(&machine);
    assert_eq!(unit.status(), Status::new(StatusKind::Active, "0 jobs, 0 of 0 targets up"));
    assert_eq!(unit.state().workload_version(), "2.42.0+ds-5+b5");
    assert_eq!(unit.state().open_ports(), [(9090.into(), None)]);
    assert!(!machine.is_active(SERVICE_OF_PACKAGE).unwrap());
    let unit_file = machine.read(Path::new("/etc/systemd/system/prometheus-0-server.service"));
    insta::assert_snapshot!(unit_file.unwrap().unwrap(), @"
    # Written by the charm: changes are lost.
    [Unit]
    Description=Prometheus of the unit prometheus/0

    [Service]
    User=prometheus
    StateDirectory=prometheus/prometheus-0
    ExecStart=/usr/bin/prometheus --config.file=/etc/prometheus/prometheus-0/prometheus.yml --storage.tsdb.path=/var/lib/prometheus/prometheus-0 --web.listen-address=:9090
    ExecReload=/bin/kill -HUP $MAINPID
    TimeoutStopSec=20s
    Restart=always

    [Install]
    WantedBy=multi-user.target
    ");
    insta::assert_snapshot!(config(&machine), @"
    # Written by the charm of this unit, with the jobs of its prometheus-manual
    # relations. It is written again when they change: edits are lost.
    global:
      scrape_interval: '15s'
    scrape_configs:
    - job_name: 'prometheus'
      static_configs:
      - targets:
        - 'localhost:9090'
    ");
}

#[test]
fn a_job_is_written_with_its_certificates_answered_and_in_force() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = changes(&machine).len();
    ask(&mut unit, &[request(1, "node", r#", "tls_config": {"ca_file": "__ca_file__"}"#)]);
    insta::assert_snapshot!(config(&machine), @"
    # Written by the charm of this unit, with the jobs of its prometheus-manual
    # relations. It is written again when they change: edits are lost.
    global:
      scrape_interval: '15s'
    scrape_configs:
    - job_name: 'prometheus'
      static_configs:
      - targets:
        - 'localhost:9090'
    - job_name: 'exporter-0-node'
      static_configs:
      - targets:
        - '10.0.0.5:9100'
      tls_config:
        ca_file: '/etc/prometheus/prometheus-0/certificates/ca-56dde4873da6b9d7afb7efa13bbe465bf458b5d28ce623a73104b8a39485b56c.crt'
        cert_file: '/etc/prometheus/prometheus-0/certificates/cert-24494a1a28ec4c2c8ad21a73c8c102f43c0a19e672286233d822ad4e3e545aa8.crt'
        key_file: '/etc/prometheus/prometheus-0/certificates/key-ab93e66cb98555b684772a77ff8addf807334de8f9198fc4a980ccfcdf10eed4.key'
    ");
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
    assert_eq!(changes(&machine)[before..], ["reloaded prometheus-0-server.service"]);
    assert_eq!(unit.status(), Status::new(StatusKind::Active, "1 job, 1 of 2 targets up"));

    // Nothing happens a second time.
    let before = changes(&machine).len();
    unit.run(UnitEvent::new("manual-jobs-relation-changed").unit("exporter/0"));
    unit.run("update-status");
    assert_eq!(changes(&machine).len(), before);
}

#[test]
fn a_job_that_prometheus_cannot_use_is_answered_and_the_others_are_used() {
    let machine = machine();
    let mut unit = deployed(&machine);
    ask(
        &mut unit,
        &[request(1, "node", ""), request(2, "other", r#", "scrape_interval": "often""#)],
    );
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
    insta::assert_snapshot!(answer(&unit, 2).unwrap(), @r#"{"reason": "`scrape_interval`: `often` is no duration, such as `15s` or `1m30s`", "success": false}"#);
    assert!(!config(&machine).contains("other"));
    let message = "1 job, 1 of 2 targets up; refused: other of exporter/0";
    assert_eq!(unit.status(), Status::new(StatusKind::Active, message));
}

#[test]
fn garbage_for_a_key_harms_only_who_sends_it() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let (key, text) = request(2, "other", "");
    let text = text.replace("-----BEGIN PRIVATE KEY-----", "t0p-secret");
    ask(&mut unit, &[request(1, "node", ""), (key, text)]);
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
    insta::assert_snapshot!(answer(&unit, 2).unwrap(), @r#"{"reason": "`client_key`: it must have a private key as PEM", "success": false}"#);
    assert!(config(&machine).contains("node") && !config(&machine).contains("other"));
}

#[test]
fn a_job_that_only_promtool_refuses_is_found_among_many() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let mut requests: Vec<_> = (1..=9).map(|id| request(id, &format!("job{id}"), "")).collect();
    requests.push(request(10, "poison", ""));
    ask(&mut unit, &requests);
    assert_eq!(answer(&unit, 3).unwrap(), GOOD);
    insta::assert_snapshot!(answer(&unit, 10).unwrap(), @r#"{"reason": "`promtool check config` refuses a configuration with this job", "success": false}"#);
    assert!(config(&machine).contains("job9"));
    assert!(!config(&machine).contains("poison"));
    let operations = unit.juju().operations();
    let says = |log: String| log.contains("t0p-secret") || log.contains("t0p+secret");
    assert!(operations.iter().all(|it| !says(format!("{:?}", it.log))));
}

#[test]
fn an_application_that_spoils_much_costs_a_bounded_number_of_runs_and_nobody_else() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let runs = || {
        let changes = machine.as_scratch().unwrap().changes();
        changes.iter().filter(|change| change.starts_with("ran promtool check")).count()
    };
    let poison: Vec<_> = (1..=20).map(|id| request(id, &format!("poison{id}"), "")).collect();
    let good: Vec<_> = (1..=9).map(|id| request(id, &format!("good{id}"), "")).collect();
    unit.change(|state| {
        let mallory = RelationState::new("manual-jobs:1", "mallory");
        let units = (0..9).map(|number| format!("mallory/{number}"));
        let mallory = units.fold(mallory, |it, unit| it.with_unit(unit.as_str(), poison.clone()));
        let exporter = RelationState::new("manual-jobs:2", "exporter");
        state.with_relation(mallory).with_relation(exporter.with_unit("exporter/0", good))
    });
    let before = runs();
    let changed = UnitEvent::new("manual-jobs-relation-changed").relation("manual-jobs:2");
    unit.run(changed.unit("exporter/0"));
    let runs = runs() - before;
    // One for all, one for none, two for the applications, and one at the end.
    assert!((6..=5 + 32).contains(&runs), "{runs}");
    let answers = unit.relation("manual-jobs:2").own_data().clone();
    let answers: Vec<_> = answers.iter().filter(|(key, _)| key.starts_with("response_")).collect();
    assert!(answers.len() == 9 && answers.iter().all(|(_, answer)| *answer == GOOD), "{answers:?}");
    assert!(config(&machine).contains("good9") && !config(&machine).contains("poison"));
    insta::assert_snapshot!(answer(&unit, 1).unwrap(), @r#"{"reason": "`promtool check config` refuses a configuration with this job and others of its application, too many of which are wrong to tell which", "success": false}"#);
}

#[test]
fn while_promtool_refuses_everything_all_stays_as_it_is() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = config(&machine);
    machine.as_scratch().unwrap().on_command("promtool", |command| {
        let is_query = command.arguments()[0] == "query";
        if is_query { promtool(command) } else { Output::failure(1, "no") }
    });
    ask(&mut unit, &[request(1, "node", "")]);
    let message = "promtool refuses the configuration";
    assert_eq!(unit.status(), Status::blocked(message));
    assert_eq!((config(&machine), answer(&unit, 1)), (before, None));

    // It is tried again in each hook.
    machine.as_scratch().unwrap().on_command("promtool", promtool);
    unit.run("update-status");
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
}

#[test]
fn what_prometheus_refuses_at_the_reload_is_taken_back_and_shown() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let with_ca = r#", "tls_config": {"ca_file": "__ca_file__"}"#;
    ask(&mut unit, &[request(1, "node", with_ca)]);
    let before = (config(&machine), certificates(&machine));
    let so_far = changes(&machine).len();

    ask(&mut unit, &[request(1, "node", with_ca), request(2, "mismatch", "")]);
    let message =
        "Prometheus refuses the configuration that promtool takes; the one before is in force";
    assert_eq!(unit.status(), Status::blocked(message));
    assert_eq!((config(&machine), certificates(&machine)), before);
    assert_eq!(changes(&machine)[so_far..], ["reloaded prometheus-0-server.service"; 2]);
    assert_eq!((answer(&unit, 1).unwrap(), answer(&unit, 2)), (GOOD.to_owned(), None));

    // It is tried again in each hook, until it is another one.
    unit.run("update-status");
    assert_eq!(unit.status(), Status::blocked(message));
    assert_eq!((config(&machine), certificates(&machine)), before);
    ask(&mut unit, &[request(1, "node", with_ca), request(3, "other", "")]);
    assert_eq!(unit.status(), Status::new(StatusKind::Active, "2 jobs, 1 of 2 targets up"));
    assert!(config(&machine).contains("other"));
    assert_eq!(answer(&unit, 3).unwrap(), GOOD);
    let so_far = changes(&machine).len();
    unit.run("update-status");
    assert_eq!(changes(&machine).len(), so_far);
}

#[test]
fn a_server_that_does_not_say_what_it_has_read_is_asked_again() {
    let machine = machine();
    let mut unit = deployed(&machine);
    machine.as_scratch().unwrap().on_command("curl", |_| Output::failure(7, "refused"));
    ask(&mut unit, &[request(1, "node", "")]);
    let message = "Prometheus does not say that it has read its configuration";
    assert_eq!(unit.status(), Status::waiting(message));
    assert_eq!(answer(&unit, 1), None);

    let root = machine.as_scratch().unwrap().root();
    machine.as_scratch().unwrap().on_command("curl", server(root));
    let so_far = changes(&machine).len();
    unit.run("update-status");
    assert_eq!(changes(&machine)[so_far..], ["reloaded prometheus-0-server.service"]);
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
    assert_eq!(files_beside(&machine), ["certificates", "prometheus.yml"]);
}

#[test]
fn a_job_goes_with_its_unit_and_so_do_its_files() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let without = config(&machine);
    ask(&mut unit, &[request(1, "node", r#", "tls_config": {"ca_file": "__ca_file__"}"#)]);
    assert_eq!(certificates(&machine).len(), 3);
    let before = changes(&machine).len();
    unit.change(|state| {
        let relation = state.relations()[0].clone().without_unit("exporter/0");
        state.with_relation(relation)
    });
    unit.run(UnitEvent::new("manual-jobs-relation-departed").unit("exporter/0"));
    assert_eq!((config(&machine), certificates(&machine)), (without, Vec::new()));
    assert_eq!(changes(&machine)[before..], ["reloaded prometheus-0-server.service"]);
}

#[test]
fn keys_are_closed() {
    let machine = machine();
    let mut unit = deployed(&machine);
    ask(&mut unit, &[request(1, "node", r#", "tls_config": {"ca_file": "__ca_file__"}"#)]);
    let names = certificates(&machine);
    let key = names.iter().find(|name| name.starts_with("key-")).unwrap();
    let folder = machine.as_scratch().unwrap().root().join(&CERTIFICATES[1..]);
    let mode = std::os::unix::fs::MetadataExt::mode(&folder.join(key).metadata().unwrap());
    assert_eq!(Mode::new(mode & 0o777), Mode::new(0o600));
}

#[test]
fn makes_up_for_a_reload_of_which_juju_knows_nothing() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| {
        let relation = RelationState::new("manual-jobs:1", "exporter");
        state.with_relation(relation.with_unit("exporter/0", [request(1, "node", "")]))
    });
    unit.juju().inject("prometheus/0", Fault::FailFlush).unwrap();
    let joined = || UnitEvent::new("manual-jobs-relation-joined").unit("exporter/0");
    unit.try_run(joined()).unwrap_err();
    assert_eq!(answer(&unit, 1), None);

    let before = changes(&machine).len();
    unit.run(joined());
    assert_eq!(changes(&machine)[before..], ["reloaded prometheus-0-server.service"]);
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
}

#[test]
fn a_change_that_was_lost_and_taken_back_is_taken_back_in_the_server_too() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| state.with_config("scrape-interval", "30s"));
    unit.juju().inject("prometheus/0", Fault::FailFlush).unwrap();
    unit.try_run("config-changed").unwrap_err();
    assert!(config(&machine).contains("30s"));

    unit.change(|state| state.with_config("scrape-interval", "15s"));
    let before = changes(&machine).len();
    unit.run("config-changed");
    assert!(config(&machine).contains("15s"));
    assert_eq!(changes(&machine)[before..], ["reloaded prometheus-0-server.service"]);
}

#[test]
fn an_option_that_prometheus_cannot_use_blocks_and_changes_nothing() {
    let machine = machine();
    let mut unit = deployed(&machine);
    let before = changes(&machine);
    let written = config(&machine);
    unit.change(|state| state.with_config("port", 0));
    unit.run("config-changed");
    assert_eq!(unit.status(), Status::blocked("port: 0 is not in 1-65535"));
    unit.change(|state| state.with_config("port", 9090).with_config("scrape-interval", "often"));
    unit.run("config-changed");
    let message = "scrape-interval: `often` is no duration, such as `15s` or `1m30s`";
    assert_eq!(unit.status(), Status::blocked(message));
    assert_eq!((changes(&machine), config(&machine)), (before, written));
}

#[test]
fn a_job_that_takes_longer_than_the_interval_of_all_is_refused() {
    let machine = machine();
    let mut unit = deployed(&machine);
    ask(&mut unit, &[request(1, "node", r#", "scrape_timeout": "20s""#)]);
    insta::assert_snapshot!(answer(&unit, 1).unwrap(), @r#"{"reason": "`scrape_timeout`: it must not be longer than the interval, which is `15s`", "success": false}"#);
    unit.change(|state| state.with_config("scrape-interval", "30s"));
    unit.run("config-changed");
    assert_eq!(answer(&unit, 1).unwrap(), GOOD);
}

#[test]
fn a_job_with_what_debian_leaves_out_is_refused() {
    let machine = machine();
    let mut unit = deployed(&machine);
    ask(&mut unit, &[request(1, "node", r#", "consul_sd_configs": [{}]"#)]);
    insta::assert_snapshot!(answer(&unit, 1).unwrap(), @r#"{"reason": "`consul_sd_configs`: Debian builds Prometheus without this discovery, and this is 2.42.0+ds", "success": false}"#);
}

#[test]
fn another_port_restarts_the_server() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.change(|state| state.with_config("port", 9999));
    unit.run("config-changed");
    assert_eq!(changes(&machine).last().unwrap(), "restarted prometheus-0-server.service");
    assert!(config(&machine).contains("localhost:9999"));
    assert_eq!(unit.state().open_ports(), [(9999.into(), None)]);
}

#[test]
fn the_status_tells_what_is_wrong_with_the_server() {
    let machine = machine();
    let mut unit = deployed(&machine);
    machine.as_scratch().unwrap().on_command("promtool", |_| Output::failure(1, "refused"));
    unit.run("update-status");
    assert_eq!(unit.status(), Status::waiting("Prometheus does not answer yet"));
    machine.stop(SERVICE).unwrap();
    unit.run("update-status");
    assert_eq!(unit.status(), Status::blocked("prometheus-0-server is not running"));
}

#[test]
fn actions_list_the_jobs_and_reload() {
    let machine = machine();
    let mut unit = deployed(&machine);
    ask(&mut unit, &[request(1, "node", ""), request(2, "other", r#", "strange": 1"#)]);
    let outcome = unit.run_action("list-jobs", Value::Null);
    insta::assert_snapshot!(serde_json::to_string_pretty(&outcome.results).unwrap(), @r#"
    {
      "job-0": {
        "name": "node",
        "outcome": "used",
        "unit": "exporter/0"
      },
      "job-1": {
        "name": "other",
        "outcome": "refused: `strange`: Prometheus knows no such key",
        "unit": "exporter/0"
      },
      "return-code": 0
    }
    "#);
    let before = changes(&machine).len();
    let outcome = unit.run_action("reload", Value::Null);
    assert_eq!(outcome.results["reloaded"], SERVICE);
    assert_eq!(changes(&machine)[before..], ["reloaded prometheus-0-server.service"]);
}

#[test]
fn removes_its_files_and_leaves_the_package() {
    let machine = machine();
    let mut unit = deployed(&machine);
    unit.run("stop");
    assert!(!machine.is_active(SERVICE).unwrap() && unit.state().open_ports().is_empty());
    unit.run("remove");
    assert!(!machine.exists("/etc/prometheus/prometheus-0").unwrap());
    assert!(!machine.exists("/etc/systemd/system/prometheus-0-server.service").unwrap());
    assert!(machine.apt().is_installed(PACKAGE).unwrap());
}
