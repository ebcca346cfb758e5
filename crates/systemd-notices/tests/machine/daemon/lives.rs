//! The lives of services, as the charm is told of them.

use crate::daemon::bench::{Bench, SERVICE};

#[test]
fn a_service_starts_and_stops() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.systemctl(&["start", "web"]);
    bench.systemctl(&["restart", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started", "web-stopped", "web-started"]);
    assert_eq!(bench.variable("STATE"), "active");
    assert_eq!(bench.variable("SUB_STATE"), "running");
    let invocation = bench.shell("systemctl show --value --property InvocationID web");
    assert_eq!(bench.variable("INVOCATION"), invocation.trim_end());
    let warnings = "journalctl --quiet --unit notices --priority warning _COMM=juju-systemd-no";
    assert_eq!(bench.shell(&format!("{warnings} || true")), "");
    bench.assert_promise();
}

#[test]
fn a_service_fails_and_is_reset() {
    let bench = Bench::with_units(
        "web.service web\nstrict.service strict failed\nweb2.service web2\n",
        ["web.service", "strict.service", "web2.service"].map(|unit| (unit, SERVICE)),
    );
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["kill", "--signal=SEGV", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    assert_eq!(bench.variable("STATE"), "failed");
    assert_eq!(bench.variable("STATE_BEFORE"), "active");
    assert!(["signal", "core-dump"].contains(&bench.variable("RESULT").as_str()));
    assert!(bench.variable("MAIN_EXIT").ends_with(" 11"));
    bench.systemctl(&["start", "strict"]);
    bench.systemctl(&["reset-failed", "web"]);
    bench.systemctl(&["kill", "--signal=KILL", "strict"]);
    bench.assert_told(&["web-started", "web-stopped", "strict-started", "strict-failed"]);
    assert_eq!(bench.variable("MAIN_EXIT"), "killed 9");
    bench.systemctl(&["reset-failed", "strict"]);
    bench.systemctl(&["start", "web2"]);
    bench.assert_told(&[
        "web-started",
        "web-stopped",
        "strict-started",
        "strict-failed",
        "web2-started",
    ]);
    bench.assert_promise();
}

#[test]
fn a_service_is_killed_for_lack_of_memory() {
    let bench = Bench::with_units("web.service web failed\n", [("web.service", SERVICE)]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    // The kernel's own killer needs a controller that the host may have given
    // to another hierarchy. systemd-oomd kills like this, and says so.
    let oomd = r#"
        my $call = `uname --machine` =~ /x86_64/ ? 188 : 5; # setxattr
        my $group = `systemctl show --value --property ControlGroup web`;
        my $pid = `systemctl show --value --property MainPID web`;
        chomp($group, $pid);
        my ($path, $value) = ("/sys/fs/cgroup$group", "1");
        foreach my $name (qw(ooms kill)) {
            my $attribute = "user.oomd_$name";
            syscall($call, $path, $attribute, $value, 1, 0) == 0 or die "$name: $!";
        }
        kill("KILL", $pid) or die;
    "#;
    bench.run(&["perl", "-e", oomd]);
    bench.assert_told(&["web-started", "web-failed"]);
    assert_eq!(bench.variable("RESULT"), "oom-kill");
    assert_eq!(bench.variable("MAIN_EXIT"), "killed 9");
    bench.assert_promise();
}

#[test]
fn a_service_ends_in_many_ways() {
    let until = |end: &str| {
        format!(
            "[Service]\nExecStart=/usr/bin/bash -c 'until [ -e /run/%n ]; do sleep 0.05; done; {end}'\n"
        )
    };
    let (ends, exits, aborts) = (until("exit 0"), until("exit 7"), until("kill -ABRT $$$$"));
    let units = [
        ("ends.service", ends.as_str()),
        ("exits.service", &exits),
        ("aborts.service", &aborts),
        ("long.service", "[Service]\nExecStart=/usr/bin/sleep infinity\nRuntimeMaxSec=2\n"),
        (
            "stuck.service",
            "[Service]\nType=notify\nExecStart=/usr/bin/sleep infinity\nTimeoutStartSec=1\n",
        ),
    ];
    let list = "ends.service ends failed\nexits.service exits failed\n\
        aborts.service aborts failed\nlong.service long failed\nstuck.service stuck failed\n";
    let bench = Bench::with_units(list, units);
    let mut told = Vec::new();
    for (unit, event, result, exit) in [
        ("ends", "stopped", "success", "exited 0"),
        ("exits", "failed", "exit-code", "exited 7"),
        ("aborts", "failed", "core-dump", "dumped 6"),
        ("long", "failed", "timeout", "killed 15"),
        ("stuck", "failed", "timeout", "killed 15"),
    ] {
        bench.shell(&format!("systemctl start {unit}; touch /run/{unit}.service"));
        if unit != "stuck" {
            told.push(format!("{unit}-started"));
        }
        told.push(format!("{unit}-{event}"));
        bench.assert_told(&told.iter().map(String::as_str).collect::<Vec<_>>());
        let how = [bench.variable("RESULT"), bench.variable("MAIN_EXIT")];
        // Whether there is a core is up to the host.
        let how = how.map(|word| word.replace("signal", "core-dump"));
        let how = how.map(|word| word.replace("killed 6", "dumped 6"));
        assert_eq!(how, [result, exit], "{unit}");
    }
    bench.assert_promise();
}

#[test]
fn a_service_that_fails_before_it_is_up_was_never_started() {
    let text = "[Service]\nType=notify\nExecStart=/usr/bin/false\n";
    let bench = Bench::with_units(
        "bad.service bad\nstrict.service strict failed\n",
        [("bad.service", text), ("strict.service", text)],
    );
    bench.shell("systemctl start bad; systemctl start bad; systemctl start strict; true");
    bench.assert_told(&["strict-failed"]);
    assert_eq!(bench.variable("STATE_BEFORE"), "");
    bench.assert_promise();
}

#[test]
fn a_service_crashes_and_is_started_again() {
    let text = "[Service]\nExecStart=/usr/bin/sleep infinity\nRestart=always\nRestartSec=100ms\n";
    let bench = Bench::with_units(
        "web.service web\nquick.service quick restarted\n",
        [("web.service", text), ("quick.service", text)],
    );
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["kill", "--signal=KILL", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started"]);
    assert_eq!(bench.variable("RESTARTS"), "1");
    bench.systemctl(&["start", "quick"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started", "quick-started"]);
    bench.systemctl(&["kill", "--signal=KILL", "quick"]);
    bench.wait_until("grep --quiet quick-restarted /var/log/told");
    bench.systemctl(&["restart", "quick"]);
    bench.systemctl(&["stop", "quick"]);
    bench.wait_until("grep --quiet quick-stopped /var/log/told");
    let told = bench.shell("grep quick /var/log/told");
    assert!(told.starts_with("quick-started\nquick-restarted\n"), "{told}");
    assert!(
        told.ends_with("quick-stopped\n") || told.ends_with("quick-stopped merged\n"),
        "{told}"
    );
    bench.assert_promise();
}

#[test]
fn a_failure_of_the_next_run_is_told_for_that_run() {
    let text = "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/usr/bin/bash -c \
        '[ -e /run/bad ] && exit 9; systemd-notify --ready; sleep infinity'\n";
    let bench = Bench::with_units(
        "web.service web failed\nother.service other\n",
        [("web.service", text), ("other.service", SERVICE)],
    );
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    let first = bench.variable("INVOCATION");
    bench.charm("until [ $SYSTEMD_NOTICE_ALIAS = web ] || [ -e /run/go ]; do sleep 0.1; done");
    bench.systemctl(&["start", "other"]);
    bench.wait_until("pgrep --full 'bash ./dispatch'");
    bench.shell("systemctl stop web; touch /run/bad; ! systemctl start web");
    bench.shell("touch /run/go");
    bench.wait_until("grep --quiet web-failed /var/log/told");
    let told = bench.shell("grep '^web' /var/log/told");
    assert_eq!(told, "web-started\nweb-stopped\nweb-failed\n");
    let second = bench.shell("systemctl show --value --property InvocationID web");
    assert_eq!(bench.variable("INVOCATION"), second.trim_end());
    assert_ne!(second.trim_end(), first);
    assert_eq!(bench.variable("MAIN_EXIT"), "exited 9");
    bench.assert_promise();
}

#[test]
fn that_systemd_has_given_up_is_told() {
    let text = "[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=60\n[Service]\nType=notify\n\
        ExecStart=/usr/bin/false\nRestart=on-failure\nRestartSec=4\n";
    let bench = Bench::with_units("web.service web failed\n", [("web.service", text)]);
    bench.charm("until [ -e /run/go ]; do sleep 0.1; done");
    bench.shell("! systemctl start web");
    // The second failure is told while systemd is about to try again.
    bench.wait_until(
        "[ \"$(systemctl show --value --property NRestarts --property SubState web | xargs)\" = \
         '1 auto-restart' ]",
    );
    bench.shell("touch /run/go");
    bench.assert_told(&["web-failed", "web-failed", "web-failed"]);
    assert_eq!(bench.variable("STATE_BEFORE"), "activating");
    assert_eq!(bench.variable("STATE"), "failed");
    bench.assert_promise();
}

#[test]
fn what_is_no_start_and_no_stop_is_not_told() {
    let reloads = "[Service]\nExecStart=/usr/bin/sleep infinity\nExecReload=/usr/bin/true\n";
    let runs_once = "[Service]\nType=oneshot\nExecStart=/usr/bin/true\n";
    let stays = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/true\n";
    let bench = Bench::with_units(
        "web.service web\nonce.service once\nstays.service stays\n",
        [("web.service", reloads), ("once.service", runs_once), ("stays.service", stays)],
    );
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["reload", "web"]);
    bench.systemctl(&["start", "once"]);
    bench.systemctl(&["daemon-reload"]);
    bench.systemctl(&["start", "stays"]);
    bench.assert_told(&["web-started", "stays-started"]);
    bench.assert_promise();
}

#[test]
fn timers_and_sockets_start_and_stop_too() {
    let bench = Bench::with_units(
        "tick.timer tick\nplug.socket plug\n",
        [
            ("tick.timer", "[Timer]\nOnCalendar=yearly\n"),
            ("tick.service", SERVICE),
            ("plug.socket", "[Socket]\nListenStream=/run/plug\n"),
            ("plug.service", SERVICE),
        ],
    );
    bench.systemctl(&["start", "tick.timer"]);
    bench.assert_told(&["tick-started"]);
    assert_eq!(bench.variable("SUB_STATE"), "waiting");
    bench.systemctl(&["start", "plug.socket"]);
    bench.systemctl(&["stop", "tick.timer"]);
    bench.assert_told(&["tick-started", "plug-started", "tick-stopped"]);
    bench.assert_promise();
}
