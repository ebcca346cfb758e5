//! `juju-reboot`, and `juju-reboot --now`.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use juju_agent_rpc::{Client, Request};
use juju_simulator::Exit;
use juju_types::{CharmFiles, Event};
use serde_json::json;

use crate::charm::{TestCharm, builder, deployed, last, names, workload};

/// Reboots once in the hook that the variable `HOOK` names.
const REBOOTS_ONCE: &str = "[ \"$JUJU_HOOK_NAME\" = \"$HOOK\" ] && ! [ -e rebooted ] || exit 0
    touch rebooted
    state-set lost=yes
    status-set maintenance rebooting
    juju-reboot --now
    touch survived";

#[test]
fn the_hook_is_killed_and_run_again_before_start() {
    let charm = TestCharm::new(REBOOTS_ONCE);
    let mut juju = builder().charm_variable("HOOK", "update-status").build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("exporter/0").unwrap();
    assert_eq!(names(&juju)[4..], ["update-status", "update-status", "start"]);
    insta::assert_snapshot!(juju.operations()[4], @"
    exporter/0 update-status: killed to reboot at once
      state-set lost=yes
      status-set maintenance rebooting
      juju-reboot --now
      * reboot
      * status: unknown -> maintenance: rebooting
    ");
    assert_eq!(juju.operations()[5].to_string(), "exporter/0 update-status\n");
    assert_eq!(workload(&juju, "exporter/0"), "maintenance: rebooting");
    assert!(!juju.charm_dir("exporter/0").unwrap().join("survived").exists());
}

#[test]
fn a_charm_that_has_not_started_yet_is_not_told_of_the_reboot() {
    for (hook, expected) in [
        ("install", ["install", "install", "leader-elected", "config-changed", "start"]),
        (
            "config-changed",
            ["install", "leader-elected", "config-changed", "config-changed", "start"],
        ),
        ("start", ["install", "leader-elected", "config-changed", "start", "start"]),
    ] {
        let charm = TestCharm::new(REBOOTS_ONCE);
        let mut juju = builder().charm_variable("HOOK", hook).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        assert_eq!(names(&juju), expected);
    }
}

#[test]
fn a_reboot_after_a_hook_is_told_to_a_charm_that_had_started_before() {
    let reboots_once = REBOOTS_ONCE.replace("juju-reboot --now", "juju-reboot");
    let life = ["install", "leader-elected", "config-changed", "start"];
    for (hook, more) in
        [("install", &[][..]), ("start", &[]), ("update-status", &["update-status", "start"])]
    {
        let charm = TestCharm::new(&reboots_once);
        let mut juju = builder().charm_variable("HOOK", hook).build();
        juju.deploy(charm.path(), "exporter").unwrap();
        juju.run_until_idle().unwrap();
        if hook == "update-status" {
            juju.update_status("exporter/0").unwrap();
        }
        assert_eq!(names(&juju), [&life, more].concat());
        let rebooted = juju.operations().iter().find(|ran| ran.kind.to_string() == hook).unwrap();
        assert_eq!(rebooted.changes[0].to_string(), "reboot");
        assert!(juju.charm_dir("exporter/0").unwrap().join("survived").exists());
    }
}

#[test]
fn a_start_that_a_reboot_has_interrupted_does_not_tell_of_it() {
    let charm = TestCharm::new("[ -e wanted ] || exit 0; rm wanted; juju-reboot --now");
    let mut juju = deployed(&charm);
    fs::write(juju.charm_dir("exporter/0").unwrap().join("wanted"), "").unwrap();
    juju.run_hook("exporter/0", &Event::Start).unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[4..], ["start", "start", "start"]);
}

#[test]
fn a_hook_out_of_turn_is_run_again_too() {
    let charm = TestCharm::new(REBOOTS_ONCE);
    let mut juju = builder().charm_variable("HOOK", "upgrade-charm").build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju.run_hook("exporter/0", &Event::UpgradeCharm).unwrap();
    assert_eq!(last(&juju).exit, Exit::Rebooted);
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju)[4..], ["upgrade-charm", "upgrade-charm", "start", "config-changed"]);
}

#[test]
fn all_units_on_the_machine_are_rebooted() {
    let principal = TestCharm::new(REBOOTS_ONCE);
    let subordinate = TestCharm::new("exit 0").file(
        "metadata.yaml",
        "{name: log, summary: s, description: d, subordinate: true, requires: {host: {interface: juju-info, scope: container}}}",
    );
    let mut juju = builder().charm_variable("HOOK", "update-status").build();
    juju.deploy(principal.path(), "exporter").unwrap();
    juju.add_unit("exporter").unwrap();
    juju.deploy_subordinate(subordinate.path(), "log").unwrap();
    juju.integrate("exporter", "log").unwrap();
    juju.run_until_idle().unwrap();
    let before = juju.operations().len();
    juju.update_status("exporter/0").unwrap();
    let ran: Vec<String> = juju.operations()[before..]
        .iter()
        .map(|operation| format!("{} {}", operation.unit, operation.kind))
        .collect();
    assert_eq!(ran[0..2], ["exporter/0 update-status", "exporter/0 update-status"]);
    assert_eq!(ran[2..], ["exporter/0 start", "log/0 start"]);
}

#[test]
fn text_for_a_shell_is_not_run_again_and_an_action_cannot_reboot() {
    let mut juju = deployed(&TestCharm::new("exit 0").file("actions.yaml", "do-it: {}\n"));
    let outcome = juju.exec("exporter/0", "echo before; juju-reboot --now; echo after").unwrap();
    assert_eq!((outcome.code, outcome.stdout), (0, b"before\n".to_vec()));
    assert_eq!(names(&juju)[4..], ["juju-exec", "start"]);

    let params = json!({"command": "juju-reboot --now; echo $?", "timeout": 0});
    let outcome = juju.run_action("exporter/0", "juju-exec", params).unwrap();
    assert_eq!(outcome.results["stdout"], "1\n");
    insta::assert_snapshot!(
        outcome.results["stderr"].as_str().unwrap(),
        @"ERROR juju-reboot is not supported when running an action."
    );
}

#[test]
fn a_function_loses_its_connections_and_its_result() {
    let runs = Arc::new(AtomicUsize::new(0));
    let files = CharmFiles::read(|name: &str| {
        let text = "name: exporter\nsummary: s\ndescription: d\n";
        Ok::<_, ()>((name == "metadata.yaml").then(|| text.to_owned()))
    });
    let count = Arc::clone(&runs);
    let charm = move |variables: BTreeMap<String, String>| {
        if variables["JUJU_HOOK_NAME"] != "update-status"
            || count.fetch_add(1, Ordering::SeqCst) > 0
        {
            return 0;
        }
        let mut client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
        let mut call = |words: &[&str]| {
            client.call(&Request {
                context_id: variables["JUJU_CONTEXT_ID"].clone(),
                dir: "/".to_owned(),
                command_name: words[0].to_owned(),
                args: words[1..].iter().map(|word| (*word).to_owned()).collect(),
                ..Request::default()
            })
        };
        call(&["state-set", "lost=yes"]).unwrap();
        assert!(call(&["juju-reboot", "--now"]).is_err());
        assert!(call(&["is-leader"]).is_err());
        0
    };
    let mut juju = builder().build();
    juju.deploy_in_process(&files.unwrap(), "exporter", charm).unwrap();
    juju.run_until_idle().unwrap();
    juju.update_status("exporter/0").unwrap();
    assert_eq!(names(&juju)[4..], ["update-status", "update-status", "start"]);
    assert_eq!(juju.operations()[4].exit, Exit::Rebooted);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    let state = serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap();
    assert_eq!(state["charm_state"], json!({}));
}
