//! Programs, run for real.

use std::path::Path;
use std::time::{Duration, Instant};

use charm_machine::{Command, CommandError, Machine, Output};

fn sh(script: &str) -> Command {
    Command::new("sh").args(["-c", script])
}

fn run(command: &Command) -> Result<Output, CommandError> {
    Machine::host().run(command)
}

/// Whether a process still does something; one that nobody has waited for
/// does not.
fn is_alive(pid: &str) -> bool {
    let status =
        std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn returns_what_a_program_prints() {
    let output = run(&sh("echo out; echo err >&2")).unwrap();
    assert_eq!((output.stdout(), output.stderr()), (&b"out\n"[..], &b"err\n"[..]));
    assert_eq!(
        (output.stdout_text().as_ref(), output.code(), output.signal()),
        ("out", Some(0), None)
    );
    assert!(output.is_success() && !output.is_truncated());
}

#[test]
fn another_exit_code_is_an_error_that_keeps_the_output() {
    let error = run(&sh("echo out; echo no luck >&2; exit 3")).unwrap_err();
    insta::assert_snapshot!(error, @r#"`sh -c "echo out; echo no luck >&2; exit 3"` exited with code 3: no luck"#);
    let CommandError::Failed { output, .. } = error else { panic!("{error:?}") };
    assert_eq!((output.code(), output.stdout_text().as_ref()), (Some(3), "out"));
}

#[test]
fn a_program_that_a_signal_ends_has_failed() {
    let error = run(&sh("kill -9 $$")).unwrap_err();
    assert!(
        matches!(error, CommandError::Failed { output, .. } if output.signal() == Some(9) && output.code().is_none())
    );
}

#[test]
fn a_program_inherits_nothing() {
    let output = run(&Command::new("env").env("LANGUAGE", "de")).unwrap();
    let text = output.stdout_text();
    let mut variables: Vec<&str> = text.lines().collect();
    variables.sort_unstable();
    assert_eq!(
        variables,
        [
            "DEBIAN_FRONTEND=noninteractive",
            "LANG=C.UTF-8",
            "LANGUAGE=de",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin",
        ]
    );
}

#[test]
fn a_program_runs_in_the_root_folder_unless_told_otherwise() {
    assert_eq!(run(&Command::new("pwd")).unwrap().stdout_text(), "/");
    let folder = tempfile::tempdir().unwrap();
    let output = run(&Command::new("/bin/pwd").current_dir(folder.path())).unwrap();
    assert_eq!(output.stdout_text(), folder.path().canonicalize().unwrap().to_str().unwrap());
}

#[test]
fn commands_that_cannot_be_run_say_why() {
    let message = |command: &Command| run(command).unwrap_err().to_string();
    insta::assert_snapshot!(message(&Command::new("no-such-program").arg("x")), @"cannot find the program `no-such-program`: install the package that brings it first");
    insta::assert_snapshot!(message(&Command::new("/no/such/program")), @"cannot find the program `/no/such/program`: install the package that brings it first");
    insta::assert_snapshot!(message(&Command::new("./x")), @"cannot run `./x`: the program must be a name or an absolute path");
    insta::assert_snapshot!(message(&Command::new("")), @r#"cannot run `""`: the program must be a name or an absolute path"#);
    insta::assert_snapshot!(message(&Command::new("true").current_dir("etc")), @"cannot run `true`: the working directory `etc` must be an absolute path");
    insta::assert_snapshot!(message(&Command::new("true").current_dir("/no/such")), @"cannot run `true`: the working directory `/no/such` does not exist");
    insta::assert_snapshot!(message(&Command::new("/etc/passwd")), @"cannot start `/etc/passwd`");
}

#[test]
fn the_time_limit_ends_a_program_and_what_it_started() {
    let started = Instant::now();
    let script = sh("sleep 1000 & echo $!; echo waiting >&2; sleep 1000; echo never");
    let error = run(&script.time_limit(Duration::from_secs(1))).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(100));
    let message = error.to_string();
    assert!(message.ends_with("was killed because it did not end within 1s: waiting"), "{message}");
    let CommandError::TimedOut { output, .. } = error else { panic!("{message}") };
    let grandchild = output.stdout_text().into_owned();
    wait_until("the grandchild is ended", || !is_alive(&grandchild));
}

#[test]
fn a_daemon_that_keeps_the_pipes_open_is_not_waited_for() {
    let output = run(&sh("sleep 1000 & echo $!").time_limit(Duration::from_secs(100))).unwrap();
    let daemon = output.stdout_text().into_owned();
    assert!(is_alive(&daemon), "the daemon lives on");
    run(&Command::new("kill").arg(&daemon)).unwrap();
}

#[test]
fn much_output_on_both_streams_blocks_nobody() {
    let script = "head -c 10000000 /dev/zero & head -c 10000000 /dev/zero >&2; wait";
    let output = run(&sh(script).capture_limit(20_000_000)).unwrap();
    assert_eq!((output.stdout().len(), output.stderr().len()), (10_000_000, 10_000_000));
    assert!(!output.is_truncated());
}

#[test]
fn only_the_last_output_is_kept() {
    let output = run(&Command::new("seq").args(["1", "200000"]).capture_limit(14)).unwrap();
    assert_eq!(output.stdout(), b"199999\n200000\n");
    assert!(output.is_truncated());
    assert_eq!(run(&sh("echo x").capture_limit(0)).unwrap().stdout(), b"");
}

#[test]
fn much_input_and_output_at_the_same_time_block_nobody() {
    let input: Vec<u8> = (0..10_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let output = run(&Command::new("cat").stdin(input.clone()).capture_limit(20_000_000)).unwrap();
    assert!(output.stdout() == input);
}

#[test]
fn a_program_need_not_read_its_input() {
    assert!(run(&Command::new("true").stdin(vec![0; 10_000_000])).is_ok());
    assert_eq!(run(&Command::new("cat")).unwrap().stdout(), b"");
}
