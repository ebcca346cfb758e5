//! What `run` makes of a whole process.
//!
//! This program is the tests and the charm in one: started with the name of a
//! charm in a variable it is that charm, and otherwise it starts itself so.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the tests of this file are functions like any other"
)]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use juju_agent_rpc::{Response, serve};
use juju_hook_env::{CharmResult, HookEnv, Juju, run};
use tempfile::TempDir;

const CHARM: &str = "TEST_CHARM";

#[expect(clippy::disallowed_methods, reason = "tells the charm from the tests")]
fn main() -> ExitCode {
    match std::env::var(CHARM) {
        Ok(charm) => run(|env, juju| run_charm(&charm, env, juju)),
        Err(_) => run_tests(),
    }
}

fn run_charm(charm: &str, env: &HookEnv, juju: &Juju) -> CharmResult {
    tracing::info!("running");
    match charm {
        "good" => Ok(()),
        "bad" => Err("no network".into()),
        "leaving-a-child-behind" => leave_a_child_behind(env, juju),
        "panicking" => a_function_that_panics(),
        "panicking-elsewhere" => {
            let failed = std::thread::spawn(|| panic!("elsewhere")).join().is_err();
            if failed { Err("a thread panicked".into()) } else { Ok(()) }
        }
        "catching" => {
            let caught = std::panic::catch_unwind(|| panic!("caught"));
            caught.map_err(|_| "went on after a panic".into())
        }
        other => panic!("there is no charm `{other}`"),
    }
}

/// Opens a connection to the agent, and starts a program that lives on.
#[expect(clippy::disallowed_methods, reason = "that is what a charm must not fail at")]
fn leave_a_child_behind(env: &HookEnv, juju: &Juju) -> CharmResult {
    juju.is_leader()?;
    let child = Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    fs::write(env.charm_dir().join("child"), child.id().to_string())?;
    Ok(())
}

#[inline(never)]
fn a_function_that_panics() -> CharmResult {
    panic!("index {}", 7)
}

type Test = (&'static str, fn());

const TESTS: &[Test] = &[
    ("a_charm_started_by_hand_prints_help", a_charm_started_by_hand_prints_help),
    ("a_broken_environment_is_told_at_once", a_broken_environment_is_told_at_once),
    ("a_good_charm_prints_nothing", a_good_charm_prints_nothing),
    ("an_error_in_a_hook_is_logged_alone", an_error_in_a_hook_is_logged_alone),
    ("an_error_in_an_action_is_also_shown", an_error_in_an_action_is_also_shown),
    ("a_panic_is_logged_with_its_backtrace", a_panic_is_logged_with_its_backtrace),
    ("a_panic_in_an_action_shows_no_backtrace", a_panic_in_an_action_shows_no_backtrace),
    ("a_panic_of_another_thread_is_printed", a_panic_of_another_thread_is_printed),
    ("an_error_after_a_caught_panic_is_that_error", an_error_after_a_caught_panic_is_that_error),
    ("a_child_that_lives_on_holds_no_connection", a_child_that_lives_on_holds_no_connection),
    ("without_a_log_all_goes_to_standard_error", without_a_log_all_goes_to_standard_error),
];

fn run_tests() -> ExitCode {
    let failed = TESTS
        .iter()
        .filter(|(name, test)| {
            let passed = std::panic::catch_unwind(test).is_ok();
            println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
            !passed
        })
        .count();
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {verdict}. {} passed; {failed} failed", TESTS.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn a_charm_started_by_hand_prints_help() {
    let ended = Unit::new().start_with("good", [("PATH", "/usr/bin"), ("JUJU_MODEL", "prod")]);
    assert_eq!(ended.code, 2);
    assert_eq!(ended.stdout, "");
    insta::assert_snapshot!(ended.stderr, @r#"
    This program is a Juju charm. Juju runs it on a unit, once for each hook and
    action, and tells it through variables what there is to do. Those variables are
    not set, so it does nothing.

    Pack it and deploy it:             juju deploy ./NAME_ARCH.charm
    Run it by hand on a deployed unit: juju exec --unit APP/0 \
        'JUJU_DISPATCH_PATH=hooks/update-status ./dispatch'
    "#);
}

fn a_broken_environment_is_told_at_once() {
    let pairs = [("JUJU_UNIT_NAME", "myapp"), ("JUJU_CHARM_DIR", "/")];
    let ended = Unit::new().start_with("good", pairs);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ended.stderr, @"
    cannot use the variables that the charm was started with:
    - `JUJU_UNIT_NAME`: invalid unit name `myapp`: it must be `APPLICATION/NUMBER`
    - `JUJU_CONTEXT_ID`: it must be set
    - `JUJU_MODEL_NAME`: it must be set
    - `JUJU_MODEL_UUID`: it must be set
    - `JUJU_VERSION`: it must be set
    ");
}

fn a_good_charm_prints_nothing() {
    let ended = Unit::new().start("good", []);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "", ""));
    insta::assert_snapshot!(ended.log, @"-l INFO -- running");
}

fn an_error_in_a_hook_is_logged_alone() {
    let ended = Unit::new().start("bad", []);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (1, "", ""));
    insta::assert_snapshot!(ended.log, @"
    -l INFO -- running
    -l ERROR -- the hook `config-changed` failed: no network
    ");
}

const ACTION: [(&str, &str); 3] = [
    ("JUJU_DISPATCH_PATH", "actions/do-it"),
    ("JUJU_ACTION_NAME", "do-it"),
    ("JUJU_ACTION_UUID", "7"),
];

fn an_error_in_an_action_is_also_shown() {
    let ended = Unit::new().start("bad", ACTION);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ended.stderr, @"the action `do-it` failed: no network");
    insta::assert_snapshot!(ended.log, @"
    -l INFO -- running
    -l ERROR -- the action `do-it` failed: no network
    ");
}

fn a_panic_is_logged_with_its_backtrace() {
    let ended = Unit::new().start("panicking", []);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (1, "", ""));
    let (message, backtrace) = ended.log.split_once("index 7 (").unwrap();
    assert!(message.ends_with("-l ERROR -- the hook `config-changed` panicked: "), "{message}");
    assert!(backtrace.contains("tests/program.rs:"), "{backtrace}");
    assert!(backtrace.contains("a_function_that_panics"), "{backtrace}");
}

fn a_panic_in_an_action_shows_no_backtrace() {
    let ended = Unit::new().start("panicking", ACTION);
    assert_eq!(ended.stderr.lines().count(), 1);
    assert!(ended.stderr.starts_with("the action `do-it` panicked: index 7 ("), "{}", ended.stderr);
}

fn a_panic_of_another_thread_is_printed() {
    let ended = Unit::new().start("panicking-elsewhere", []);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("panicked at") && ended.stderr.contains("elsewhere"));
    assert!(ended.log.contains("the hook `config-changed` failed: a thread panicked"));
}

fn an_error_after_a_caught_panic_is_that_error() {
    let ended = Unit::new().start("catching", []);
    assert_eq!((ended.code, ended.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(ended.log, @"
    -l INFO -- running
    -l ERROR -- the hook `config-changed` failed: went on after a panic
    ");
}

fn without_a_log_all_goes_to_standard_error() {
    let unit = Unit::new();
    let ended = unit.start("bad", [("PATH", "/nonexistent")]);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ended.stderr, @"
    INFO running
    cannot write to juju's log: `juju-log` is missing: cannot find the program `juju-log` in `/nonexistent`, which is the `PATH` of this hook
    the hook `config-changed` failed: no network
    cannot write to juju's log: `juju-log` is missing: cannot find the program `juju-log` in `/nonexistent`, which is the `PATH` of this hook
    ");
}

#[expect(clippy::disallowed_methods, reason = "ends what the charm has left behind")]
fn a_child_that_lives_on_holds_no_connection() {
    let unit = Unit::new();
    let socket = unit.folder.path().join("agent.socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let (sender, closed) = channel();
    let agent = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // As a real agent, it waits until the last holder of the connection
        // has closed it.
        let served =
            serve(stream, |_| Ok(Response { stdout: b"true".to_vec(), ..Response::default() }));
        sender.send(served.is_ok()).unwrap();
    });

    let ended = unit.start(
        "leaving-a-child-behind",
        [
            ("CHARM_AGENT", "socket"),
            ("JUJU_AGENT_SOCKET_ADDRESS", socket.to_str().unwrap()),
            ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
            ("PATH", "/usr/bin:/bin"),
        ],
    );
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let child = fs::read_to_string(unit.folder.path().join("child")).unwrap();
    let is_served = closed.recv_timeout(Duration::from_mins(1));
    let is_alive = fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
    Command::new("kill").arg(&child).status().unwrap();
    assert_eq!(is_alive, b"sleep\x00600\x00");
    assert_eq!(is_served, Ok(true));
    agent.join().unwrap();
}

/// A unit with a tool `juju-log` that writes to a file.
struct Unit {
    folder: TempDir,
}

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
    log: String,
}

impl Unit {
    fn new() -> Self {
        let unit = Self { folder: tempfile::tempdir().unwrap() };
        let tool = unit.folder.path().join("juju-log");
        fs::write(&tool, "#!/bin/sh\nprintf '%s\\n' \"$*\" >> log\n").unwrap();
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
        unit
    }

    /// Starts a charm with the variables of a hook, and with `pairs`.
    fn start<const N: usize>(&self, charm: &str, pairs: [(&str, &str); N]) -> Ended {
        let folder = self.folder.path().to_str().unwrap();
        let hook = [
            ("JUJU_CHARM_DIR", folder),
            ("JUJU_CONTEXT_ID", "myapp/0-config-changed-1"),
            ("JUJU_DISPATCH_PATH", "hooks/config-changed"),
            ("JUJU_MODEL_NAME", "testmodel"),
            ("JUJU_MODEL_UUID", "deadbeef-0bad-400d-8000-4b1d0d06f00d"),
            ("JUJU_UNIT_NAME", "myapp/0"),
            ("JUJU_VERSION", "3.6.28"),
            ("PATH", folder),
        ];
        self.start_with(charm, hook.into_iter().chain(pairs))
    }

    /// Starts a charm with these variables and no others.
    #[expect(clippy::disallowed_methods, reason = "the charm is this very program")]
    fn start_with<'a>(
        &self,
        charm: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Ended {
        let Output { status, stdout, stderr } = Command::new(std::env::current_exe().unwrap())
            .env_clear()
            .envs(pairs.into_iter().map(|(name, value)| (OsString::from(name), value)))
            .env(CHARM, charm)
            .output()
            .unwrap();
        Ended {
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            log: fs::read_to_string(self.folder.path().join("log")).unwrap_or_default(),
        }
    }
}
