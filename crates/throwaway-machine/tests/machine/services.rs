//! What systemd and D-Bus do inside.

use std::time::Duration;

use throwaway_machine::ThrowawayMachine;

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn runs_a_service_and_sees_it_fail() {
    let unit = "[Service]\nExecStart=sh -c 'echo tired of it; read -r _ < /run/go; exit 3'\n";
    let machine = ThrowawayMachine::builder()
        .file("/etc/systemd/system/moody.service", unit, 0o644)
        .boot()
        .unwrap();
    let _ = machine.run(["mkfifo", "/run/go"]).unwrap().success().unwrap();
    let _ = machine.run(["systemctl", "start", "moody.service"]).unwrap().success().unwrap();
    assert_eq!(state(&machine), "active\n");

    let _ = machine.run(["sh", "-c", "echo >/run/go"]).unwrap().success().unwrap();
    machine.wait_until("the service fails", LIMIT, || state(&machine) == "failed\n").unwrap();
    let code = ["systemctl", "show", "--property=ExecMainStatus", "moody.service"];
    assert_eq!(machine.run(code).unwrap().stdout(), "ExecMainStatus=3\n");
    let journal = || machine.journal().unwrap();
    machine.wait_until("it is written down", LIMIT, || journal().contains("tired of it")).unwrap();
}

#[test]
fn its_bus_answers() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let systemd = "org.freedesktop.systemd1";
    let property = ["busctl", "get-property", systemd, "/org/freedesktop/systemd1"];
    let property =
        property.into_iter().chain(["org.freedesktop.systemd1.Manager", "Virtualization"]);
    let answer = machine.run(property).unwrap().success().unwrap();
    assert_eq!(answer.stdout(), "s \"container-other\"\n");
}

#[test]
fn a_unit_that_was_left_out_cannot_be_started() {
    let machine =
        ThrowawayMachine::builder().without_units(["systemd-logind.service"]).boot().unwrap();
    let start = machine.run(["systemctl", "start", "systemd-logind.service"]).unwrap();
    assert_eq!(start.code(), Some(1));
    assert!(start.stderr().contains("is masked"), "{}", start.stderr());
}

#[test]
fn what_does_not_come_is_named_with_the_end_of_the_journal() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let error = machine.wait_until("the moon rises", Duration::ZERO, || false).unwrap_err();
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    insta::assert_snapshot!(first, @"the moon rises: not within 0ns; the journal ends with");
    assert!(text.contains("systemd[1]"), "{text}");
}

fn state(machine: &ThrowawayMachine) -> String {
    machine.run(["systemctl", "is-active", "moody.service"]).unwrap().stdout().into_owned()
}
