//! The daemon is set up, and only if something differs.

use std::time::Duration;

use crate::unit::{Unit, machine};

/// The inode and the time of every file that belongs to the unit.
fn files(unit: &Unit<'_>) -> String {
    let unit_file = format!("/etc/systemd/system/{}", unit.service());
    let folder = unit.state_folder();
    unit.run(&["find", &unit_file, &folder, "-printf", "%p %i %T@ %#m\n"])
}

#[test]
fn the_second_time_nothing_is_written_or_started() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    insta::assert_snapshot!(unit.apply(&["nginx", "snap.a.b=b"]), @r"
    show SERVICE
    daemon-reload
    enable SERVICE
    restart SERVICE
    ");
    insta::assert_snapshot!(unit.log(), @"start first, cannot write, in no hook, systemd-notices web/0 : nginx.service snap.a.b.service");
    insta::assert_snapshot!(unit.show("ActiveState,SubState,UnitFileState"), @r"
    ActiveState=active
    SubState=running
    UnitFileState=enabled
    ");
    insta::assert_snapshot!(unit.run(&["cat", "/var/lib/juju-systemd-notices/web-0/services"]), @r"
    # The charm writes this file. Unit, alias, events besides started and stopped.
    nginx.service nginx
    snap.a.b.service b
    ");

    let (before, run) = (files(&unit), unit.show("InvocationID"));
    insta::assert_snapshot!(unit.apply(&["nginx", "snap.a.b=b"]), @"show SERVICE");
    assert_eq!((files(&unit), unit.show("InvocationID")), (before, run));
}

#[test]
fn another_list_is_read_by_the_daemon_that_runs() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    let run = unit.show("InvocationID,MainPID");
    insta::assert_snapshot!(unit.apply(&["nginx", "backup.timer"]), @r"
    show SERVICE
    reload SERVICE
    ");
    insta::assert_snapshot!(unit.wait_for_log(2), @r"
    start first, cannot write, in no hook, systemd-notices web/0 : nginx.service
    reload first : nginx.service backup.timer
    ");
    assert_eq!(unit.show("InvocationID,MainPID"), run);
    insta::assert_snapshot!(unit.apply(&["nginx", "backup.timer"]), @"show SERVICE");
}

#[test]
fn a_refreshed_charm_gets_a_new_daemon_and_a_delivery_goes_on() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    let delivery = unit.run(&["pgrep", "--full", "^sleep 600$"]);
    unit.refresh("second");
    insta::assert_snapshot!(unit.apply(&["nginx", "redis"]), @r"
    show SERVICE
    daemon-reload
    restart SERVICE
    ");
    insta::assert_snapshot!(unit.log(), @r"
    start first, cannot write, in no hook, systemd-notices web/0 : nginx.service
    start second, cannot write, in no hook, systemd-notices web/0 : nginx.service redis.service
    ");
    let deliveries = unit.run(&["pgrep", "--full", "^sleep 600$"]);
    assert!(deliveries.lines().any(|pid| pid == delivery.trim()), "{deliveries}");
    insta::assert_snapshot!(unit.apply(&["nginx", "redis"]), @"show SERVICE");
}

#[test]
fn what_a_failed_hook_has_begun_is_finished_by_the_next() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    for step in ["daemon-reload", "enable", "restart"] {
        machine.write("/recorder/fail", step).unwrap();
        let failed = unit.notices("apply", &["nginx"]);
        assert_eq!(failed.code(), Some(1), "{step}");
        assert!(failed.stderr().starts_with("error: `systemctl "), "{failed:?}");
    }
    unit.run(&["rm", "/recorder/fail"]);
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    restart SERVICE
    ");

    machine.write("/recorder/fail", "reload").unwrap();
    assert_eq!(unit.notices("apply", &["nginx", "redis"]).code(), Some(1));
    unit.run(&["rm", "/recorder/fail"]);
    // Whether the daemon has read the list is not known, so a new one does.
    insta::assert_snapshot!(unit.apply(&["nginx", "redis"]), @r"
    show SERVICE
    restart SERVICE
    ");
    insta::assert_snapshot!(unit.log(), @r"
    start first, cannot write, in no hook, systemd-notices web/0 : nginx.service
    start first, cannot write, in no hook, systemd-notices web/0 : nginx.service redis.service
    ");
}

#[test]
fn what_somebody_has_changed_by_hand_is_put_right() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    unit.run(&["systemctl", "stop", &unit.service()]);
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    restart SERVICE
    ");
    unit.run(&["systemctl", "disable", &unit.service()]);
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    enable SERVICE
    ");
    unit.run(&["sed", "-i", "s/5min/1min/", &format!("/etc/systemd/system/{}", unit.service())]);
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    daemon-reload
    restart SERVICE
    ");
    unit.run(&["rm", "-r", &unit.state_folder()]);
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    restart SERVICE
    ");
    insta::assert_snapshot!(unit.apply(&["nginx"]), @"show SERVICE");
}

#[test]
fn the_daemon_is_there_after_a_reboot_and_stays_the_same() {
    let mut machine = machine();
    Unit::new(&machine, "web/0").apply(&["nginx"]);
    machine.reboot().unwrap();
    let unit = Unit::that_is_there(&machine, "web/0");
    insta::assert_snapshot!(unit.show("ActiveState"), @"ActiveState=active");
    insta::assert_snapshot!(unit.apply(&["nginx"]), @"show SERVICE");
}

#[test]
fn a_daemon_whose_charm_is_gone_is_not_started_again() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    // What `juju remove-unit --force` may leave.
    unit.run(&["rm", "-r", &unit.charm]);
    unit.run(&["systemctl", "kill", "--kill-who=main", "--signal=KILL", &unit.service()]);
    unit.wait_until("the daemon to be given up", || {
        unit.show("ActiveState") == "ActiveState=inactive\n"
    });
    let journal = machine.journal().unwrap();
    let skipped = "Juju systemd notices of web/0 was skipped because of an unmet condition check \
        (ConditionPathExists=/var/lib/juju/agents/unit-web-0/charm/dispatch)";
    assert_eq!(journal.matches(skipped).count(), 1, "{journal}");
    unit.done("remove", &[]);
}

#[test]
fn a_daemon_that_cannot_run_is_given_up_until_it_is_applied_again() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    let folder = format!("/etc/systemd/system/{}.d", unit.service());
    machine.write(&format!("{folder}/often.conf"), "[Service]\nRestartSec=1ms\n").unwrap();
    let program = format!("{}/dispatch", unit.charm);
    machine.write(&program, "#!/bin/sh\nexit 1\n").unwrap();
    assert_eq!(unit.notices("apply", &["nginx"]).code(), Some(1));
    let is_given_up = || unit.show("ActiveState") == "ActiveState=failed\n";
    machine.wait_until("the end of it", Duration::from_mins(2), is_given_up).unwrap();
    let starts: u32 =
        unit.show("NRestarts").trim().trim_start_matches("NRestarts=").parse().unwrap();
    assert!((145..=150).contains(&starts), "{starts}");

    unit.refresh("second");
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    daemon-reload
    reset-failed SERVICE
    restart SERVICE
    ");
    assert_eq!(unit.show("ActiveState"), "ActiveState=active\n");
}

#[test]
fn a_program_with_an_odd_path_is_started_as_it_is() {
    let machine = machine();
    let charm = "/srv/100% of $HOME ${x} é".to_owned();
    let unit = Unit::in_folder(&machine, "web/0", charm);
    unit.apply(&["nginx"]);
    insta::assert_snapshot!(unit.log(), @"start first, cannot write, in no hook, systemd-notices web/0 : nginx.service");
}

#[test]
fn the_variables_of_a_hook_do_not_reach_the_daemon() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.run(&["systemctl", "set-environment", "JUJU_CONTEXT_ID=web/0-run-commands-1"]);
    unit.apply(&["nginx"]);
    insta::assert_snapshot!(unit.log(), @"start first, cannot write, in no hook, systemd-notices web/0 : nginx.service");
}

/// Listens where the agent does: at a path that is root's alone, as Juju 3, and
/// without a file, as Juju 2.9.
const AGENT: &str = r#"use Socket;
my $path = "/var/lib/juju/agents/unit-web-0/run.socket";
umask(0077);
my @sockets = map {
    socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die;
    bind($socket, pack_sockaddr_un($_)) && listen($socket, 9) or die;
    $socket
} "\0$path", $path;
open(my $file, ">", "/run/agent-listens") or die;
sleep(600) while 1;
"#;

#[test]
fn a_hardened_daemon_reaches_the_agent() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.run(&["systemd-run", "--quiet", "perl", "-e", AGENT]);
    let test = ["test", "-e", "/run/agent-listens"];
    let listens = || machine.run(test).unwrap().code() == Some(0);
    machine.wait_until("the agent", Duration::from_secs(20), listens).unwrap();
    unit.apply(&["nginx"]);
    insta::assert_snapshot!(unit.log(), @r"
    start first, cannot write, in no hook, systemd-notices web/0 : nginx.service
    reaches the agent
    reaches the agent
    ");
}
