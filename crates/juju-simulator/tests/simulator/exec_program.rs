//! The program `juju-exec`, run by what a charm has left behind and by others
//! on the machine.

use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use juju_agent_rpc::{Client, ExecRequest, ExecService};
use juju_simulator::Simulator;
use juju_types::JujuVersion;
use serde_json::json;

use crate::charm::{TestCharm, builder, deployed, last, names, workload};
use crate::exchange::Exchange;

/// Far more than anything here takes.
const LIMIT: Duration = Duration::from_secs(30);

/// Starts the program as somebody does who has logged in to the machine.
fn start(program: &Path, arguments: &[&str]) -> thread::JoinHandle<(Option<i32>, String, String)> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().current_dir("/");
    thread::spawn(move || {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    })
}

/// Runs the program and what it asks for.
#[track_caller]
fn run(juju: &mut Simulator, arguments: &[&str]) -> (Option<i32>, String, String) {
    let running = start(&juju.exec_program("exporter/0").unwrap(), arguments);
    while !running.is_finished() {
        if juju.wait_for_exec(Duration::from_millis(20)) {
            juju.run_until_idle().unwrap();
        }
    }
    running.join().unwrap()
}

/// Returns what the program says that it does not ask the agent at all for.
#[track_caller]
fn refusal(juju: &mut Simulator, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(juju, arguments);
    assert_eq!(stdout, "");
    format!("{}: {}", code.unwrap(), stderr.trim_end())
}

fn idle() -> Simulator {
    deployed(&TestCharm::new("exit 0").file("actions.yaml", "do-it: {}\n"))
}

#[test]
fn output_and_exit_code_come_back_to_the_caller() {
    let mut juju = idle();
    let text = "echo \"$JUJU_UNIT_NAME\"; is-leader; state-set a=b; echo oops >&2; exit 7";
    let expected = (Some(7), "exporter/0\nTrue\n".to_owned(), "oops\n".to_owned());
    for unit in [&["exporter/0"][..], &["unit-exporter-0"], &["-u", "exporter/0"], &["-u", ""], &[]]
    {
        assert_eq!(run(&mut juju, &[unit, &[text]].concat()), expected, "{unit:?}");
    }
    let state = serde_json::to_value(juju.unit_state("exporter/0").unwrap()).unwrap();
    assert_eq!(state["charm_state"], json!({"a": "b"}));

    let words = ["exporter/0", "--", "printf", "[%s]", "a b", "$HOME", "it is; true"];
    let (_, stdout, _) = run(&mut juju, &words);
    assert_eq!(stdout, "[a b][$HOME][it is; true]");
}

#[test]
fn a_daemon_wakes_its_charm() {
    let exchange = Exchange::new();
    let charm = TestCharm::new(
        "if [ \"$JUJU_HOOK_NAME\" = install ]; then
            (unset JUJU_CONTEXT_ID
             read < $EXCHANGE/in
             juju-exec exporter/0 'JUJU_DISPATCH_PATH=hooks/service-x-stopped ./dispatch'
             echo $? > $EXCHANGE/out) > /dev/null 2>&1 & disown
        fi
        [ \"$JUJU_DISPATCH_PATH\" != hooks/service-x-stopped ] || status-set blocked 'x has stopped'",
    );
    let mut juju = builder().charm_variable("EXCHANGE", exchange.path()).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    assert!(!juju.wait_for_exec(Duration::ZERO));
    exchange.send("x\n");
    assert!(juju.wait_for_exec(LIMIT));
    juju.run_until_idle().unwrap();
    assert_eq!(workload(&juju, "exporter/0"), "blocked: x has stopped");
    assert_eq!(exchange.receive(), "0\n");
}

#[test]
fn a_call_waits_behind_actions() {
    let mut juju = idle();
    let running = start(&juju.exec_program("exporter/0").unwrap(), &["exporter/0", "true"]);
    assert!(juju.wait_for_exec(LIMIT));
    juju.run_action("exporter/0", "do-it", json!(null)).unwrap();
    assert_eq!(names(&juju)[4..], ["do-it", "juju-exec"]);
    assert_eq!(running.join().unwrap().0, Some(0));
}

#[test]
fn nobody_calls_it_from_within_a_hook() {
    let charm = TestCharm::new("[ $JUJU_HOOK_NAME != start ] || juju-exec exporter/0 true");
    let juju = deployed(&charm);
    let said = &last(&juju).log[0].message;
    let id = said.split('"').nth(1).unwrap();
    assert!(id.starts_with("exporter/0-start-"));
    insta::assert_snapshot!(said.replace(id, "ID"), @r#"ERROR juju-exec cannot be called from within a hook, have context "ID""#);
}

/// Two units on one machine, and one on another.
fn crowded() -> Simulator {
    let principal = TestCharm::new("exit 0");
    let subordinate = TestCharm::new("exit 0").file(
        "metadata.yaml",
        "{name: log, summary: s, description: d, subordinate: true, requires: {host: {interface: juju-info, scope: container}}}",
    );
    let mut juju = builder().build();
    juju.deploy(principal.path(), "exporter").unwrap();
    juju.deploy(principal.path(), "other").unwrap();
    juju.deploy_subordinate(subordinate.path(), "log").unwrap();
    juju.integrate("exporter", "log:host").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn the_units_of_a_machine_share_its_program() {
    let mut juju = crowded();
    let (exporter, log, other) =
        (juju.exec_program("exporter/0"), juju.exec_program("log/0"), juju.exec_program("other/0"));
    assert_eq!(exporter, log);
    assert_ne!(exporter, other);
    assert_eq!(juju.exec_program("nobody/0"), None);
    let show = "echo $JUJU_UNIT_NAME $JUJU_PRINCIPAL_UNIT";
    assert_eq!(run(&mut juju, &["log/0", show]).1, "log/0 exporter/0\n");
    let related = ["log/0", "-r", "host:0", "echo $JUJU_RELATION_ID $JUJU_REMOTE_UNIT"];
    assert_eq!(run(&mut juju, &related).1, "host:0 exporter/0\n");
    insta::assert_snapshot!(refusal(&mut juju, &["other/0", "true"]), @r#"1: ERROR unit "other/0" not found on this machine"#);
    insta::assert_snapshot!(refusal(&mut juju, &["hostname"]), @r#"2: ERROR "hostname" is not a valid tag"#);
    insta::assert_snapshot!(refusal(&mut juju, &["-u", "", "hostname"]), @"2: ERROR no unit");
}

#[test]
fn refuses_in_jujus_words() {
    let mut juju = crowded();
    let mut refused = |arguments: &[&str]| refusal(&mut juju, arguments);
    insta::assert_snapshot!(refused(&["log/0", "-l", "true"]), @"2: ERROR option provided but not defined: -l");
    insta::assert_snapshot!(refused(&["log/0"]), @"2: ERROR missing commands");
    insta::assert_snapshot!(refused(&["log/0", ""]), @"1: ERROR commands required");
    insta::assert_snapshot!(refused(&["log/0", "-r", "x", "true"]), @"1: ERROR invalid relation id");
    insta::assert_snapshot!(refused(&["log/0", "-r", "7", "true"]), @"1: ERROR unknown relation id: 7");
    insta::assert_snapshot!(refused(&["log/0", "--remote-unit", "exporter/0", "true"]), @"1: ERROR remote unit: exporter/0, provided without a relation");
    insta::assert_snapshot!(refused(&["log/0", "--remote-app", "exporter", "true"]), @"1: ERROR remote app: exporter, provided without a relation");
    insta::assert_snapshot!(refused(&["log/0", "-r0", "--remote-unit", "exporter/9", "true"]), @"1: ERROR unknown remote unit exporter/9; possibilities are [exporter/0]");
    insta::assert_snapshot!(refused(&["log/0", "kill -KILL $$"]), @"1: ERROR signal: killed");
    let forced =
        ["log/0", "-r0", "--remote-unit=a/9", "--force-remote-unit", "echo $JUJU_REMOTE_UNIT"];
    assert_eq!(run(&mut juju, &forced).1, "a/9\n");
}

#[test]
fn a_unit_that_goes_lets_its_callers_go() {
    let charm = TestCharm::new("[ \"$JUJU_HOOK_NAME\" != install ]");
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    let program = juju.exec_program("exporter/0").unwrap();
    let running = start(&program, &["exporter/0", "true"]);
    assert!(juju.wait_for_exec(LIMIT));
    // It was never installed, so it is gone without running anything.
    juju.remove_unit("exporter/0").unwrap();
    juju.run_until_idle().unwrap();
    let (code, _, stderr) = running.join().unwrap();
    assert_eq!((code, &*stderr), (Some(1), "ERROR command execution aborted\n"));
    let (code, _, stderr) = start(&program, &["exporter/0", "true"]).join().unwrap();
    assert_eq!(
        (code, &*stderr),
        (Some(1), "ERROR unit \"exporter/0\" not found on this machine\n")
    );
}

#[test]
fn a_simulator_that_ends_lets_its_callers_go() {
    let mut juju = idle();
    let running = start(&juju.exec_program("exporter/0").unwrap(), &["exporter/0", "true"]);
    assert!(juju.wait_for_exec(LIMIT));
    drop(juju);
    let (code, _, stderr) = running.join().unwrap();
    assert_eq!((code, &*stderr), (Some(1), "ERROR command execution aborted\n"));
}

#[test]
fn without_a_context_it_waits_until_nothing_runs_on_the_machine() {
    let exchange = Exchange::new();
    let charm = TestCharm::new(
        "[ \"$JUJU_HOOK_NAME\" = update-status ] || exit 0
        echo > $EXCHANGE/out
        read < $EXCHANGE/in
        touch finished",
    );
    let mut juju = builder().charm_variable("EXCHANGE", exchange.path()).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let finished = juju.charm_dir("exporter/0").unwrap().join("finished");
    let text = format!(
        "[ -e {} ] && echo finished; pwd; echo ${{JUJU_UNIT_NAME-none}}; exit 3",
        finished.display()
    );
    let program = juju.exec_program("exporter/0").unwrap();
    let meanwhile = thread::scope(|scope| {
        let other = scope.spawn(|| {
            exchange.receive();
            let running = start(&program, &["--no-context", &text]);
            thread::sleep(Duration::from_millis(300));
            assert!(!running.is_finished());
            exchange.send("go on\n");
            running.join().unwrap()
        });
        juju.update_status("exporter/0").unwrap();
        other.join().unwrap()
    });
    assert_eq!(meanwhile, (Some(3), "finished\n/\nnone\n".to_owned(), String::new()));
}

#[test]
fn juju_2_has_juju_run() {
    let charm = TestCharm::new("exit 0");
    let mut juju = builder().juju_version(JujuVersion::new(2, 9, 52)).build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let program = juju.exec_program("exporter/0").unwrap();
    assert_eq!(program.file_name().unwrap(), "juju-run");
    assert_eq!(run(&mut juju, &["echo $JUJU_VERSION"]).1, "2.9.52\n");

    let socket = juju.charm_dir("exporter/0").unwrap().with_file_name("run.socket");
    let mut client = Client::connect(socket).unwrap();
    let refused = client.run_commands(ExecService::JujuExec, &ExecRequest::default());
    insta::assert_snapshot!(refused.unwrap_err(), @"the agent refused: rpc: can't find service JujuExecServer.RunCommands");
}

#[test]
fn the_socket_stays_open_and_serves_any_unit() {
    let mut juju = idle();
    let socket = juju.charm_dir("exporter/0").unwrap().with_file_name("run.socket");
    let calling = thread::spawn(move || {
        let mut client = Client::connect(socket).unwrap();
        ["exporter/0", "exporter/9", "", "exporter/0"].map(|unit| {
            let request = ExecRequest {
                commands: "echo $JUJU_UNIT_NAME".to_owned(),
                unit_name: unit.to_owned(),
                ..ExecRequest::default()
            };
            match client.run_commands(ExecService::JujuExec, &request) {
                Ok(response) => String::from_utf8(response.stdout).unwrap(),
                Err(error) => error.to_string(),
            }
        })
    });
    for _ in 0..4 {
        assert!(juju.wait_for_exec(LIMIT));
        juju.run_until_idle().unwrap();
    }
    insta::assert_snapshot!(calling.join().unwrap().join("\n"), @"
    exporter/0

    the agent refused: no runner is registered for unit exporter/9
    the agent refused: missing unit name running command
    exporter/0
    ");
}

#[test]
fn a_very_long_name_still_has_a_run_socket() {
    let charm = TestCharm::new("exit 0");
    let name = "a".repeat(100);
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.deploy(charm.path(), &name).unwrap();
    juju.run_until_idle().unwrap();
    let unit = format!("{name}/0");
    let running = start(&juju.exec_program(&unit).unwrap(), &[&unit, "echo $JUJU_UNIT_NAME"]);
    assert!(juju.wait_for_exec(LIMIT));
    juju.run_until_idle().unwrap();
    assert_eq!(running.join().unwrap().1, format!("{unit}\n"));
}
