//! The program that plays the hook tools, by itself and in charms.

use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use juju_simulator::DeployError;

use crate::charm::{TestCharm, builder, deployed, last};

/// Runs the program as the tool `config-get`.
fn run(variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let tool = folder.path().join("config-get");
    symlink(env!("CARGO_BIN_EXE_juju-sim-tool"), &tool).unwrap();
    let mut command = Command::new(tool);
    command.env_clear().envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(stdout.is_empty());
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn outside_of_a_hook_it_says_which_variable_is_missing() {
    let (context, address, network) = (
        ("JUJU_CONTEXT_ID", "x"),
        ("JUJU_AGENT_SOCKET_ADDRESS", "/nonexistent/agent.socket"),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
    );
    let check = |variables: &[_], expected: &str| {
        assert_eq!(run(variables), (Some(1), format!("ERROR {expected}\n")));
    };
    check(&[], "JUJU_CONTEXT_ID not set");
    check(&[("JUJU_CONTEXT_ID", "")], "JUJU_CONTEXT_ID not set");
    check(&[context], "JUJU_AGENT_SOCKET_ADDRESS not set");
    check(&[context, address], "JUJU_AGENT_SOCKET_NETWORK not set");
    check(
        &[context, address, ("JUJU_AGENT_SOCKET_NETWORK", "tcp")],
        "dial tcp: only unix sockets are simulated",
    );
    let (code, stderr) = run(&[context, address, network]);
    assert_eq!(code, Some(1));
    assert!(
        stderr.starts_with("ERROR ") && stderr.contains("/nonexistent/agent.socket"),
        "{stderr}"
    );
}

#[test]
fn it_reads_standard_input_only_if_the_tool_wants_it() {
    let charm = TestCharm::new(
        "echo 'k: |
  two
  lines' | { state-get > /dev/null; state-set --file -; }
        state-set --file - < /dev/null
        state-get --format=json k
        echo 'never read' | config-get > /dev/null",
    );
    let juju = deployed(&charm);
    assert_eq!(last(&juju).log[0].message, r#""two\nlines\n""#);
}

#[test]
fn tools_of_other_versions_are_unknown() {
    let charm = TestCharm::new("leader-get; true");
    let mut juju = builder().juju_version("4.0.15".parse().unwrap()).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let said = &last(&juju).log[0].message;
    assert!(said.ends_with("leader-get: command not found"), "{said}");
}

#[test]
fn help_lists_the_options_of_a_tool() {
    let juju = deployed(&TestCharm::new("relation-set key=value --help && echo as it should"));
    let said: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    Usage: relation-set [options]

    Options:
    --app
    --file
    --format
    -r, --relation
    as it should
    ");
}

#[test]
fn output_goes_to_a_file_on_demand() {
    let charm = TestCharm::new(
        "is-leader -o answer --format=json; cat answer; is-leader --output=/nonexistent/x",
    );
    let juju = deployed(&charm);
    let said: Vec<&str> = last(&juju).log.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(said, ["true", "ERROR open /nonexistent/x: no such file or directory"]);
}

#[test]
fn a_tool_program_that_is_missing_is_noticed_when_it_is_needed() {
    let charm = TestCharm::new("is-leader; true");
    let mut juju = builder().tool_program("/nonexistent/juju-sim-tool").build();
    let error = juju.deploy(charm.path(), "exporter").unwrap_err();
    assert!(matches!(error, DeployError::ToolProgram(_)), "{error}");
    insta::assert_snapshot!(
        error,
        @"the program `juju-sim-tool` must be named by its absolute path, and there is none at `/nonexistent/juju-sim-tool`"
    );
}
