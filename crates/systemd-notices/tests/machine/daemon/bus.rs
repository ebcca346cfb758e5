//! What becomes of systemd and the bus.

use crate::daemon::bench::{Bench, SERVICE, instances};

#[test]
fn systemd_may_be_reloaded_and_started_anew() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    for _ in 0..3 {
        bench.systemctl(&["daemon-reload"]);
        bench.systemctl(&["daemon-reexec"]);
    }
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn the_bus_may_be_started_anew() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["reload", "dbus"]);
    bench.systemctl(&["restart", "dbus"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started"]);
    bench.assert_promise();
}

#[test]
fn everything_may_be_started_anew_while_services_change() {
    let bench = Bench::with_units(&instances(5), [("web@.service", SERVICE)]);
    bench.shell(
        "for n in {1..60}; do
            systemctl --no-block $([ $((RANDOM % 3)) = 0 ] && echo stop || echo restart) web@$((RANDOM % 5))
            case $n in
                15 | 45) systemctl restart dbus ;;
                30) systemctl daemon-reexec ;;
                *0) systemctl daemon-reload ;;
            esac
        done; true",
    );
    bench.assert_promise();
}

#[test]
fn nobody_else_has_to_ask_for_signals() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["mask", "--now", "--runtime", "systemd-logind"]);
    // Systemd forgets its subscribers with their connections.
    bench.systemctl(&["restart", "notices"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.assert_promise();
}

#[test]
fn nobody_can_fake_a_signal() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("systemd-run --property StandardOutput=file:/run/seen busctl monitor");
    bench.wait_until("busctl list >/dev/null; grep --quiet ListNames /run/seen");
    let changed = "/org/freedesktop/systemd1/unit/web_2eservice \
        org.freedesktop.DBus.Properties PropertiesChanged";
    let manager = "/org/freedesktop/systemd1 org.freedesktop.systemd1.Manager";
    for fake in [
        &format!("{changed} 'sa{{sv}}as' org.freedesktop.systemd1.Unit 1 ActiveState s failed 0"),
        &format!("{changed} s x"),
        changed,
        &format!("{manager} UnitNew s web.service"),
        &format!("{manager} Reloading b false"),
        "/org/freedesktop/DBus org.freedesktop.DBus NameOwnerChanged sss \
            org.freedesktop.systemd1 :1.0 ''",
    ] {
        let fake = format!("busctl emit {fake}");
        bench.run(&["runuser", "-u", "nobody", "--", "bash", "-c", &fake]);
    }
    // The bus lets the first through, so it is for the daemon to tell.
    bench.wait_until("grep --quiet '\"failed\"' /run/seen");
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["web-started", "other-started"]);
    bench.assert_promise();
}

#[test]
fn nobody_can_fake_a_signal_to_the_daemon_alone() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("systemd-run --property StandardOutput=file:/run/seen busctl monitor");
    bench.wait_until("busctl list >/dev/null; grep --quiet ListNames /run/seen");
    // No rule of the daemon's keeps this out.
    let daemon = "pid=$(pgrep --exact juju-systemd-no) && \
        busctl list --no-legend --unique | awk -v pid=$pid '$2 == pid { print $1 }'";
    let daemon = bench.shell(daemon);
    let fake = format!(
        "busctl emit --destination={} /org/freedesktop/systemd1/unit/web_2eservice \
        org.freedesktop.DBus.Properties PropertiesChanged \
        'sa{{sv}}as' org.freedesktop.systemd1.Unit 1 ActiveState s failed 0",
        daemon.trim_end()
    );
    bench.run(&["runuser", "-u", "nobody", "--", "bash", "-c", &fake]);
    bench.wait_until("grep --quiet '\"failed\"' /run/seen");
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["web-started", "other-started"]);
    bench.assert_promise();
}

#[test]
fn what_the_bus_does_not_let_pass_is_asked_again() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "notices"]);
    let policy = "<busconfig><policy context='mandatory'>\
        <deny send_destination='org.freedesktop.systemd1' \
        send_interface='org.freedesktop.systemd1.Manager' send_member='ListUnitsByNames'/>\
        </policy></busconfig>";
    bench.machine.write("/etc/dbus-1/system.d/deny.conf", policy).unwrap();
    bench.systemctl(&["reload", "dbus"]);
    bench.systemctl(&["start", "notices"]);
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["web-started", "other-started"]);
    bench.systemctl(&["stop", "notices"]);
    bench.systemctl(&["stop", "web"]);
    bench.systemctl(&["start", "notices"]);
    bench.shell("sleep 3");
    let warnings = "journalctl --sync; \
        journalctl --quiet _PID=$(pgrep --exact juju-systemd-no) | grep 'asking again'";
    assert_eq!(bench.shell(warnings).lines().count(), 1);
    bench.shell("rm /etc/dbus-1/system.d/deny.conf; systemctl reload dbus");
    bench.wait_until("[ $(tail -n 1 /var/log/told) = web-stopped ]");
    bench.assert_promise();
}

#[test]
fn what_happens_while_the_daemon_starts_is_told() {
    let bench = Bench::with_units(&instances(200), [("web@.service", SERVICE)]);
    for milliseconds in (0..48).step_by(2) {
        let (action, event) =
            if milliseconds % 4 == 0 { ("start", "started") } else { ("stop", "stopped") };
        bench.systemctl(&["stop", "notices"]);
        bench.shell(&format!(
            "(sleep 0.{milliseconds:03}; systemctl {action} web@7) & systemctl start notices; wait"
        ));
        bench.wait_until(&format!("tail -n 1 /var/log/told | grep --quiet web-7-{event}"));
    }
    bench.assert_promise();
}

#[test]
fn what_is_not_watched_does_not_wake_the_daemon() {
    let bench = Bench::with_units(
        "web.service web\n",
        [("web.service", SERVICE), ("idle@.target", "[Unit]\nDescription=Idle\n")],
    );
    let switches = || -> u64 {
        let line = "awk '/^voluntary/ { print $2 }' /proc/$(pgrep --exact juju-systemd-no)/status";
        bench.shell(line).trim().parse().unwrap()
    };
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.wait_until("[ ! -s /var/lib/juju-systemd-notices/app-0/delivery.json ]");
    let before = switches();
    bench.shell("systemctl start idle@{1..500}.target && systemctl stop idle@{1..500}.target");
    let wakes = switches() - before;
    assert!(wakes < 20, "{wakes}");
    bench.assert_promise();
}
