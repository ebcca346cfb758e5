//! Charms that do not end, and what they leave behind.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use juju_agent_rpc::{Client, Request};
use juju_simulator::{Exit, SimulatorError};

use crate::charm::{TestCharm, builder, deployed, last, names, workload};
use crate::exchange::Exchange;

#[test]
fn a_charm_that_does_not_end_is_killed_with_its_children() {
    let charm = TestCharm::new(
        "[ $JUJU_HOOK_NAME = install ] || exit 0
        trap '' TERM
        sleep 1000 & echo $! > child
        open-port 80
        wait",
    );
    let limit = Duration::from_secs(2);
    let mut juju = builder().time_limit(limit).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).exit, Exit::TimeLimit(limit));
    insta::assert_snapshot!(last(&juju).exit, @"killed after 2s, the time limit of the simulator");
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
    assert!(juju.status().unit("exporter/0").unwrap().ports.is_empty());
    let child = fs::read_to_string(juju.charm_dir("exporter/0").unwrap().join("child")).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_dead(child.trim()) {
        assert!(Instant::now() < deadline, "the child lives on");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_charm_that_prints_without_end_is_killed_and_most_of_it_is_forgotten() {
    let charm = TestCharm::new("exec yes");
    let limit = Duration::from_secs(1);
    let mut juju = builder().time_limit(limit).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).exit, Exit::TimeLimit(limit));
    let end = last(&juju).log.last().unwrap();
    assert_eq!(end.message, "(more was printed than the simulator keeps: 1 MiB)");
}

#[test]
fn a_charm_that_is_killed_has_failed() {
    let charm = TestCharm::new("state-set a=b; kill -KILL $$");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert_eq!(last(&juju).exit, Exit::Signal(9));
    assert_eq!(workload(&juju, "exporter/0"), r#"error: hook failed: "install""#);
}

#[test]
fn a_connection_that_stays_open_is_named() {
    let exchange = Exchange::new();
    let charm = TestCharm::new(
        "echo \"$JUJU_AGENT_SOCKET_ADDRESS $JUJU_CONTEXT_ID\" > $EXCHANGE/out
        read < $EXCHANGE/in
        status-set active",
    );
    let limit = Duration::from_millis(300);
    let mut juju =
        builder().linger_limit(limit).charm_variable("EXCHANGE", exchange.path()).build();
    juju.deploy(charm.path(), "exporter").unwrap();

    let (error, _client) = thread::scope(|scope| {
        // This thread plays what a charm has left behind.
        let left_behind = scope.spawn(|| {
            let text = exchange.receive();
            let (address, context_id) = text.trim().split_once(' ').unwrap();
            let mut client = Client::connect(address).unwrap();
            let request = Request {
                context_id: context_id.to_owned(),
                dir: "/".to_owned(),
                command_name: "is-leader".to_owned(),
                ..Request::default()
            };
            assert_eq!(client.call(&request).unwrap().stdout, b"True\n");
            exchange.send("connected\n");
            client
        });
        let error = juju.run_until_idle().unwrap_err();
        (error, left_behind.join().unwrap())
    });
    let text = error.to_string();
    assert!(text.starts_with(&format!(
        "connections to the agent's socket are left open after \"install\" of unit \"exporter/0\" has ended, \
         and a real agent would wait for them for ever: process {} (`",
        std::process::id()
    )), "{text}");
    assert!(text.ends_with("`), which last called `is-leader`"), "{text}");
    let SimulatorError::ConnectionsLeftOpen { operation, .. } = error else { panic!("{text}") };
    // All else is in order, and what was done is done.
    assert!(operation.exit.is_success());
    assert_eq!(names(&juju), ["install"]);
    assert_eq!(workload(&juju, "exporter/0"), "active");
}

#[test]
fn a_child_that_keeps_only_the_output_does_not_hold_up_the_agent() {
    let charm = TestCharm::new("sleep 1000 & echo $! >> children; echo done");
    let juju = deployed(&charm);
    assert_eq!(names(&juju).len(), 4);
    for operation in juju.operations() {
        assert_eq!(operation.log[0].message, "done");
    }
    let folder = juju.charm_dir("exporter/0").unwrap();
    let children = fs::read_to_string(folder.join("children")).unwrap();
    for child in children.lines() {
        // The real agent leaves it alone, too.
        assert!(!is_dead(child));
        assert!(Command::new("kill").arg(child).status().unwrap().success());
    }
}

fn is_dead(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A killed process whose new parent has not looked yet is a zombie.
    status.is_empty() || status.contains(") Z ")
}
