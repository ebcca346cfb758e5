//! From the first boot to the end.

use std::time::Duration;

use throwaway_machine::{BootError, RunError, ThrowawayMachine};

#[test]
fn boots_until_every_unit_is_up() {
    let machine = ThrowawayMachine::builder().host_name("juju-7").boot().unwrap();
    let state = machine.run(["systemctl", "is-system-running"]).unwrap();
    assert_eq!(state.stdout(), "running\n", "{}", failed_units(&machine));
    assert_eq!(machine.run(["hostname"]).unwrap().stdout(), "juju-7\n");
    assert_eq!(machine.read("/proc/1/comm").unwrap(), b"systemd\n");
}

#[test]
fn two_machines_do_not_see_each_other() {
    let [one, two] = ["one", "two"].map(|name| {
        let unit = "[Service]\nExecStart=sleep 600\n";
        let path = "/etc/systemd/system/snail.service";
        ThrowawayMachine::builder().host_name(name).file(path, unit, 0o644).boot().unwrap()
    });
    for machine in [&one, &two] {
        let _ = machine.run(["systemctl", "start", "snail.service"]).unwrap().success().unwrap();
    }
    one.write("/root/note", "only here").unwrap();
    assert!(two.read("/root/note").is_err());

    // Their groups of the same name are not the same.
    let _ = one.run(["systemctl", "kill", "--signal=KILL", "snail.service"]).unwrap();
    let state = two.run(["systemctl", "is-active", "snail.service"]).unwrap();
    assert_eq!(state.stdout(), "active\n");

    drop(one);
    assert_eq!(two.run(["hostname"]).unwrap().stdout(), "two\n");
}

#[test]
fn a_reboot_keeps_files_and_starts_services_anew() {
    let unit = "[Service]\nExecStart=sleep 600\nExecStop=touch /var/lib/stopped-in-order\n\
                [Install]\nWantedBy=multi-user.target\n";
    let path = "/etc/systemd/system/snail.service";
    let mut machine = ThrowawayMachine::builder().file(path, unit, 0o644).boot().unwrap();
    let enable = ["systemctl", "enable", "--now", "snail.service"];
    let _ = machine.run(enable).unwrap().success().unwrap();
    machine.write("/var/lib/kept", "from before").unwrap();
    machine.write("/run/lost", "from before").unwrap();
    let _ = machine.run(["logger", "--tag=test", "a note"]).unwrap().success().unwrap();
    let boot_id = machine.read("/etc/machine-id").unwrap();

    machine.reboot().unwrap();
    assert_eq!(machine.read("/var/lib/kept").unwrap(), b"from before");
    assert!(machine.read("/var/lib/stopped-in-order").is_ok());
    assert!(machine.read("/run/lost").is_err());
    let before = machine.run(["journalctl", "--boot=-1", "--identifier=test"]).unwrap();
    assert!(before.stdout().contains("a note"), "{}", before.stderr());
    assert!(!machine.journal().unwrap().contains("a note"));
    assert_eq!(machine.read("/etc/machine-id").unwrap(), boot_id);
    let state = machine.run(["systemctl", "is-active", "snail.service"]).unwrap();
    assert_eq!(state.stdout(), "active\n");
}

#[test]
fn a_command_that_does_not_end_is_killed_and_named() {
    let machine = ThrowawayMachine::builder().boot().unwrap();
    let command = ["sh", "-c", "echo on my way >&2; sleep 600"];
    let error = machine.run_within(Duration::from_secs(3), command).unwrap_err();
    insta::assert_snapshot!(error, @"`sh -c echo on my way >&2; sleep 600` has not ended within 3s: on my way");
    let processes = || machine.run(["sh", "-c", "cat /proc/[0-9]*/comm"]).unwrap();
    let is_gone = || !processes().stdout().contains("sleep\n");
    machine.wait_until("what it had started is gone", Duration::from_secs(30), is_gone).unwrap();
}

#[test]
fn a_machine_that_does_not_come_up_shows_what_it_waits_for() {
    let unit = "[Unit]\nDescription=Wait for a friend\nBefore=multi-user.target\n\
                [Service]\nType=oneshot\nExecStart=sleep 600\n";
    let wants = "/etc/systemd/system/multi-user.target.d/wait.conf";
    let error = ThrowawayMachine::builder()
        .time_limit(Duration::from_secs(5))
        .file("/etc/systemd/system/friend.service", unit, 0o644)
        .file(wants, "[Unit]\nWants=friend.service\n", 0o644)
        .boot()
        .unwrap_err();
    let BootError::NotUp { state, report, .. } = &error else { panic!("{error}") };
    assert_eq!(state, "starting");
    assert!(report.contains("friend.service"), "{error}");
}

#[test]
fn a_machine_whose_systemd_ends_at_once_says_so() {
    let error = ThrowawayMachine::builder()
        .without_units(["multi-user.target", "rescue.target"])
        .boot()
        .unwrap_err();
    let BootError::Ended(console) = &error else { panic!("{error}") };
    assert!(console.contains("rescue.target is masked"), "{error}");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let builder = ThrowawayMachine::builder().file("/etc/passwd/no-folder", "", 0o644);
    let BootError::Prepare(error) = builder.boot().unwrap_err() else { panic!("it has booted") };
    assert!(matches!(error, RunError::Failed { .. }));
    insta::assert_snapshot!(error, @"`write /etc/passwd/no-folder` has failed with exit code 1: mkdir: cannot create directory ‘/etc/passwd/’: File exists");
}

fn failed_units(machine: &ThrowawayMachine) -> String {
    let failed = machine.run(["systemctl", "--failed", "--no-pager"]).unwrap();
    failed.stdout().into_owned()
}

#[test]
fn a_host_that_runs_these_tests_lacks_nothing() {
    assert_eq!(ThrowawayMachine::missing(), None);
}
