//! What `juju-hook-env` asks and what `juju-simulator` answers fit together,
//! through real tool programs.

mod tool_program;

use std::fs;
use std::path::Path;

use juju_simulator::{Operation, Simulator};
use serde_json::json;

fn probe(folder: &Path) -> Simulator {
    let files = [
        ("metadata.yaml", "name: probe\nsummary: A probe.\ndescription: A probe.\n"),
        ("manifest.yaml", "bases: [{name: ubuntu, channel: '24.04'}]\n"),
        (
            "config.yaml",
            "options:\n  ratio: {type: float, default: 1.0}\n  name: {type: string}\n  \
             markup: {type: string, default: <&>}\n",
        ),
        (
            "actions.yaml",
            "probe:\n  params:\n    target: {type: object}\n    count: {type: integer, default: 3}\n",
        ),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("the folder takes files");
    }
    fs::copy(env!("CARGO_BIN_EXE_probe-charm"), folder.join("dispatch"))
        .expect("the program is there");
    let mut juju = Simulator::builder().tool_program(tool_program::path()).build();
    juju.deploy(folder, "probe").expect("the charm is in order");
    juju.run_until_idle().expect("the model comes to rest");
    juju
}

/// Everything that an operation has logged and changed.
fn shown(operation: &Operation) -> String {
    let log = operation.log.iter().map(|line| line.message.clone());
    let changes = operation.changes.iter().map(|change| format!("* {change}"));
    log.chain(changes).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn last<'a>(juju: &'a Simulator, name: &str) -> &'a Operation {
    let found = juju.operations().iter().rfind(|operation| operation.kind.to_string() == name);
    let operation = found.expect("the operation has run");
    assert!(operation.exit.is_success(), "{operation}");
    operation
}

#[test]
fn every_write_is_read_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let juju = probe(folder.path());
    insta::assert_snapshot!(shown(last(&juju, "config-changed")), @r#"
    config: "{\"markup\":\"<&>\",\"ratio\":1}"
    address: Ip(10.0.0.11)
    leader: true
    ingress: Some(Ip(10.0.0.11))
    no such binding: `network-get` found nothing: undefined for unit charm: endpoint "nowhere" not valid
    no relations: []
    not an action: `action-get` is for actions only: not running an action
    state in this hook: {"empty": "", "number": "1.50", "odd": "\0\u{7f}\u{85}\u{feff}\u{2028}😀\t\r\n \"'\\/ trailing ", "plain": "value"}
    * status: maintenance: installing charm software -> blocked: --dashes & <brackets> 🦀
    * version: -1.0 "quoted"
    * port opened: icmp
    * port opened: 80/tcp
    * port opened: 8000-8010/udp
    * leader setting: who = me
    * state: empty = ""
    * state: number = 1.50
    * state: odd = "\0\u{7f}\u{85}\u{feff}\u{2028}😀\t\r\n \"'\\/ trailing "
    * state: plain = value
    "#);
    insta::assert_snapshot!(shown(last(&juju, "start")), @r#"
    status: "--dashes & <brackets> 🦀"
    application: 1
    ports: ["icmp", "80/tcp", "8000-8010/udp"]
    state is whole: true
    state: Some("")
    no state: None
    leader settings: {"who": "me"}
    * port closed: icmp
    * port closed: 8000-8010/udp
    * state deleted: odd
    "#);
}

#[test]
fn an_action_gets_its_parameters_and_gives_results() {
    let folder = tempfile::tempdir().unwrap();
    let mut juju = probe(folder.path());
    let params = json!({ "target": { "name": "-x" } });
    let outcome = juju.run_action("probe/0", "probe", params).unwrap();
    insta::assert_snapshot!(shown(last(&juju, "probe")), @r#"
    parameters: "{\"count\":3,\"target\":{\"name\":\"-x\"}}"
    nested: Some("-x")
    * result: list.0 = 1
    * result: list.1 = 2
    * result: outer.inner = 7
    * result: outer.text = a=b -c
    "#);
    assert_eq!(outcome.message, "--as asked");
    assert_eq!(outcome.log, ["halfway = there"]);
}

#[test]
fn an_idle_hook_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut juju = probe(folder.path());
    juju.update_status("probe/0").unwrap();
    let operation = last(&juju, "update-status");
    assert!(operation.changes.is_empty(), "{operation}");
    let calls: Vec<_> = operation.calls.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(calls.join("\n"), @"
    status-get --include-data --format=json
    opened-ports --endpoints --format=json
    state-get --format=json
    ");
}
