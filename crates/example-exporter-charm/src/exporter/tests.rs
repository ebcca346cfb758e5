//! One hook at a time, on a scratch machine and against a scripted agent.

use std::process::ExitCode;

use charm_machine::{Machine, ScratchPackage};
use juju_hook_env::{HookEnv, HookTool, ScriptedAgent, run_in};

use super::*;

/// Where systemd looks for our drop-in.
const FILE: &str = "/etc/systemd/system/prometheus-node-exporter.service.d/charm.conf";

/// A machine whose archive has the exporter.
fn machine() -> Machine {
    let machine = Machine::scratch();
    let package = ScratchPackage::new(PACKAGE, "1.7.0-1ubuntu0.3").service(SERVICE);
    machine.as_scratch().unwrap().provide_package(package);
    machine
}

fn installed() -> Machine {
    let machine = machine();
    machine.apt().install([PACKAGE]).unwrap();
    machine
}

/// An agent of a unit with these options, which has kept nothing yet.
fn agent(config: &str) -> ScriptedAgent {
    // A hook reads back what it has written itself.
    agent_with_state(config, "null").answer("state-get --format=json", CONFIGURED)
}

fn agent_with_state(config: &str, state: &str) -> ScriptedAgent {
    ScriptedAgent::new()
        .answer("config-get --all --format=json", config)
        .answer("opened-ports --endpoints --format=json", "[]")
        .answer("status-get --include-data --format=json", r#"{"status":"unknown"}"#)
        .accept(HookTool::ActionFail)
        .accept(HookTool::ActionSet)
        .accept(HookTool::ApplicationVersionSet)
        .accept(HookTool::ClosePort)
        .accept(HookTool::JujuLog)
        .accept(HookTool::OpenPort)
        .answer("state-get --format=json", state)
        .accept(HookTool::StateSet)
        .accept(HookTool::StatusSet)
}

/// Runs the charm as Juju does, and returns what it told Juju to do.
#[track_caller]
fn run(path: &str, machine: &Machine, agent: &ScriptedAgent) -> String {
    let env = HookEnv::from_pairs([
        ("JUJU_CHARM_DIR", "/charm"),
        ("JUJU_CONTEXT_ID", "exporter/0-run-1"),
        ("JUJU_DISPATCH_PATH", path),
        ("JUJU_MODEL_NAME", "prod"),
        ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
        ("JUJU_UNIT_NAME", "exporter/0"),
        ("JUJU_VERSION", "3.6.28"),
    ])
    .unwrap();
    let exporter = Exporter::new(machine.clone());
    let before = agent.calls().len();
    let code = run_in(&env, agent.clone(), |env, juju| exporter.handle(env, juju));
    assert_eq!(code, ExitCode::SUCCESS, "{}", agent.transcript());
    let commands = agent.calls().into_iter().skip(before).map(|call| call.to_string());
    // What is only read is not what this is about.
    let writes = commands.filter(|call| !call.contains("--format=json"));
    writes.map(|call| call + "\n").collect()
}

/// What Juju has kept since the service runs with the default options.
const CONFIGURED: &str = r#"{"running":"--web.listen-address=:9100"}"#;

const DEFAULT_CONFIG: &str = r#"{"port":9100,"collectors":"","extra-args":""}"#;

#[test]
fn installs_the_package() {
    let machine = machine();
    let told = run("hooks/install", &machine, &agent(DEFAULT_CONFIG));
    insta::assert_snapshot!(told, @r#"status-set -- maintenance "installing prometheus-node-exporter""#);
    assert!(machine.apt().is_installed(PACKAGE).unwrap());
}

#[test]
fn configures_the_service_and_tells_juju() {
    let machine = installed();
    let told = run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    insta::assert_snapshot!(told, @"
    state-set --file - < (42 bytes)
    application-version-set -- 1.7.0-1ubuntu0.3
    open-port 9100/tcp
    status-set -- active
    ");
    insta::assert_snapshot!(machine.read(FILE).unwrap().unwrap(), @"
    # Written by the charm: changes are lost.
    [Service]
    ExecStart=
    ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=:9100
    ");
}

#[test]
fn restarts_the_service_only_if_its_arguments_differ() {
    let machine = installed();
    run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    let changes = machine.as_scratch().unwrap().changes();
    run("hooks/config-changed", &machine, &agent_with_state(DEFAULT_CONFIG, CONFIGURED));
    assert_eq!(machine.as_scratch().unwrap().changes(), changes);
}

#[test]
fn makes_up_for_a_restart_that_was_cut_off() {
    let machine = installed();
    run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    let changes = machine.as_scratch().unwrap().changes().len();
    // The file was written, but the hook failed, so Juju has kept nothing.
    run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    let new = machine.as_scratch().unwrap().changes().split_off(changes);
    assert_eq!(new, ["restarted prometheus-node-exporter.service"]);
}

#[test]
fn a_wrong_option_blocks_and_changes_nothing() {
    let machine = installed();
    run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    let changes = machine.as_scratch().unwrap().changes();
    let wrong = agent(r#"{"port":99999,"collectors":"","extra-args":""}"#);
    let told = run("hooks/config-changed", &machine, &wrong);
    insta::assert_snapshot!(told, @r#"status-set -- blocked "port: 99999 is not in 1-65535""#);
    assert_eq!(machine.as_scratch().unwrap().changes(), changes);
}

#[test]
fn a_stopped_service_blocks() {
    let machine = installed();
    machine.stop(SERVICE).unwrap();
    let told = run("hooks/update-status", &machine, &agent(DEFAULT_CONFIG));
    insta::assert_snapshot!(told, @r#"status-set -- blocked "prometheus-node-exporter is not running""#);
}

#[test]
fn is_not_active_before_it_was_configured() {
    let told = run("hooks/leader-elected", &installed(), &agent(DEFAULT_CONFIG));
    insta::assert_snapshot!(told, @r#"status-set -- waiting "not configured yet""#);
}

#[test]
fn shows_its_endpoint() {
    let network = r#"{"bind-addresses":[],"ingress-addresses":["10.1.2.3"]}"#;
    let agent = agent(DEFAULT_CONFIG).answer("network-get juju-info --format=json", network);
    run("actions/show-endpoint", &installed(), &agent);
    let transcript = agent.transcript();
    let answer = transcript.lines().find(|line| line.starts_with("action-set"));
    insta::assert_snapshot!(answer.unwrap(), @"action-set url=http://10.1.2.3:9100/metrics");
}

#[test]
fn puts_an_ipv6_address_into_brackets() {
    let network = r#"{"bind-addresses":[],"ingress-addresses":["2001:db8::7"]}"#;
    let agent = agent(DEFAULT_CONFIG).answer("network-get juju-info --format=json", network);
    run("actions/show-endpoint", &installed(), &agent);
    let transcript = agent.transcript();
    let answer = transcript.lines().find(|line| line.starts_with("action-set"));
    insta::assert_snapshot!(answer.unwrap(), @"action-set url=http://[2001:db8::7]:9100/metrics");
}

#[test]
fn the_restart_action_restarts() {
    let machine = installed();
    let told = run("actions/restart", &machine, &agent_with_state(DEFAULT_CONFIG, CONFIGURED));
    insta::assert_snapshot!(told, @r"
    action-set restarted=…
    status-set -- active
    ");
    let changes = machine.as_scratch().unwrap().changes();
    insta::assert_snapshot!(changes.last().unwrap(), @"restarted prometheus-node-exporter.service");
}

#[test]
fn stops_cleanly() {
    let machine = installed();
    let told = run("hooks/stop", &machine, &agent(DEFAULT_CONFIG));
    insta::assert_snapshot!(told, @"status-set -- maintenance stopped");
    assert!(!machine.is_active(SERVICE).unwrap());
    assert!(!machine.is_enabled(SERVICE).unwrap());
}

#[test]
fn removes_its_file_and_leaves_the_package() {
    let machine = installed();
    run("hooks/config-changed", &machine, &agent(DEFAULT_CONFIG));
    run("hooks/remove", &machine, &agent(DEFAULT_CONFIG));
    assert!(!machine.exists(FILE).unwrap());
    assert!(machine.apt().is_installed(PACKAGE).unwrap());
}

#[test]
fn hooks_that_nobody_knows_are_fine() {
    let agent = agent_with_state(DEFAULT_CONFIG, CONFIGURED);
    let told = run("hooks/brand-new-hook", &installed(), &agent);
    insta::assert_snapshot!(told, @"status-set -- active");
}
