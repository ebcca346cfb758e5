//! Charms that are functions.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use juju_agent_rpc::{Client, Request};
use juju_simulator::{Exit, Fault, Simulator};
use juju_types::CharmFiles;

use crate::charm::{TestCharm, builder, last, names, workload};

#[test]
fn a_function_finds_its_disk_full() {
    let mut juju = builder().inject(1, Fault::FullDisk).build();
    juju.deploy_in_process(&files(), "exporter", |variables: Variables| {
        let new = Path::new(&variables["JUJU_CHARM_DIR"]).join("new");
        match fs::write(new, "new") {
            Ok(()) => 0,
            Err(error) if error.kind() == ErrorKind::StorageFull => 28,
            Err(_) => 1,
        }
    })
    .unwrap();
    juju.run_next().unwrap();
    assert_eq!(last(&juju).exit, Exit::Code(28));
    let new = juju.charm_dir("exporter/0").unwrap().join("new");
    assert_eq!(fs::read_to_string(&new).unwrap(), "");
    juju.advance(Duration::from_secs(5)).unwrap();
    assert_eq!(fs::read_to_string(&new).unwrap(), "new");
}

/// Plays a charm that makes three calls in its first hook, and counts those
/// that are answered.
fn answered(fault: Fault) -> (usize, Simulator) {
    let answered = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&answered);
    let mut juju = builder().inject(1, fault.clone()).build();
    juju.deploy_in_process(&files(), "exporter", move |variables: Variables| {
        for call_words in [["state-set", "a=b"], ["state-set", "c=d"], ["state-set", "e=f"]] {
            counter.fetch_add(call(&variables, &call_words).into(), Ordering::Relaxed);
        }
        0
    })
    .unwrap();
    juju.run_next().unwrap();
    assert_eq!(last(&juju).faults, [fault]);
    (answered.load(Ordering::Relaxed), juju)
}

#[test]
fn a_function_that_is_killed_has_no_more_answers() {
    for (fault, expected_answers, expected_calls) in [
        (Fault::KillAtCall(2), 1, 1),
        (Fault::KillAfterCall(2), 1, 2),
        (Fault::KillAtExit, 3, 3),
        (Fault::KillAfter(Duration::ZERO), 0, 0),
    ] {
        let (answers, juju) = answered(fault);
        assert_eq!(answers, expected_answers);
        assert_eq!(last(&juju).calls.len(), expected_calls);
        assert_eq!(last(&juju).exit, Exit::Signal(9));
        assert!(last(&juju).changes.iter().all(|change| !change.to_string().contains("state")));
    }
}

#[test]
fn a_function_finds_the_socket_dropped() {
    let (answers, juju) = answered(Fault::DropSocketAtCall(2));
    assert_eq!(answers, 1);
    assert_eq!(last(&juju).exit, Exit::Code(0));
    assert!(last(&juju).to_string().ends_with("* state: a = b\n"));
}

type Variables = BTreeMap<String, String>;

fn files() -> CharmFiles {
    let read = |name: &str| {
        let text = "name: exporter\nsummary: s\ndescription: d\n";
        Ok::<_, ()>((name == "metadata.yaml").then(|| text.to_owned()))
    };
    CharmFiles::read(read).unwrap()
}

/// Calls a hook tool; tells whether the agent has answered.
fn call(variables: &Variables, words: &[&str]) -> bool {
    let request = Request {
        context_id: variables["JUJU_CONTEXT_ID"].clone(),
        dir: variables["JUJU_CHARM_DIR"].clone(),
        command_name: words[0].to_owned(),
        args: words[1..].iter().map(|word| (*word).to_owned()).collect(),
        ..Request::default()
    };
    let client = Client::connect(&variables["JUJU_AGENT_SOCKET_ADDRESS"]);
    client.is_ok_and(|mut client| client.call(&request).is_ok())
}

#[test]
fn a_function_is_a_charm() {
    let mut juju = builder().build();
    let unit = juju
        .deploy_in_process(&files(), "exporter", |variables: Variables| {
            let hook = variables["JUJU_HOOK_NAME"].clone();
            call(&variables, &["status-set", "active", &format!("after {hook}")]);
            ExitCode::SUCCESS
        })
        .unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(names(&juju), ["install", "leader-elected", "config-changed", "start"]);
    assert_eq!(workload(&juju, unit.to_string().as_str()), "active: after start");

    // A function can be replaced by a program.
    let charm = TestCharm::new("status-set active \"now a program\"");
    juju.refresh(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "active: now a program");

    // And back again.
    juju.refresh_in_process(&files(), "exporter", |variables: Variables| {
        call(&variables, &["status-set", "active", "a function again"]);
        0
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "active: a function again");
    assert!(juju.refresh_in_process(&files(), "nobody", |_| 0).is_err());
}

#[test]
fn a_function_that_fails_or_panics_is_a_failed_hook() {
    // No program plays the hook tools, and none is needed.
    let mut juju = Simulator::builder().tool_program("/nonexistent").build();
    juju.deploy_in_process(&files(), "exporter", |_| 7).unwrap();
    juju.deploy_in_process(&files(), "other", |variables: Variables| -> u8 {
        call(&variables, &["state-set", "a=b"]);
        panic!("no more");
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(juju.operations()[0].exit, Exit::Code(7));
    assert_eq!(last(&juju).exit, Exit::Code(101));
    assert_eq!(
        last(&juju).log[0].to_string(),
        "WARNING unit.other/0.install the charm has panicked: no more"
    );
    assert_eq!(workload(&juju, "other/0"), r#"error: hook failed: "install""#);
    assert!(!last(&juju).to_string().contains("* state"));
}

#[test]
fn a_function_that_is_late_finds_the_agent_gone() {
    let limit = Duration::from_millis(200);
    let mut juju = builder().time_limit(limit).build();
    juju.deploy_in_process(&files(), "exporter", |variables: Variables| {
        while call(&variables, &["is-leader"]) {}
        0
    })
    .unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).exit, Exit::TimeLimit(limit));
    assert_eq!(names(&juju), ["install"]);
}
