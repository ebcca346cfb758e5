//! The daemon's own state.

use crate::daemon::bench::{Bench, SERVICE};

const LEDGER: &str = "/var/lib/juju-systemd-notices/app-0/told.json";

#[test]
fn a_changed_list_is_in_force_after_a_hangup() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    let list = "other.service another\nweb.service web\n";
    bench.machine.write("/var/lib/juju-systemd-notices/app-0/services", list).unwrap();
    bench.systemctl(&["kill", "--kill-who=main", "--signal=HUP", "notices"]);
    bench.systemctl(&["start", "other"]);
    bench.wait_until(
        "grep --quiet other-started /var/log/told || grep --quiet another-started /var/log/told",
    );
    bench.systemctl(&["stop", "other"]);
    bench.wait_until("grep --quiet another-stopped /var/log/told");
    let status = bench.run(&["juju-systemd-notices", "status", "--unit", "app/0"]);
    assert!(status.contains("service-another-"), "{status}");
    bench.assert_promise();
}

#[test]
fn a_unit_that_was_off_the_list_is_told_as_new() {
    let bench = Bench::new("web.service web\nother.service other\n");
    let read = |list: &str, sign: &str| {
        bench.machine.write("/var/lib/juju-systemd-notices/app-0/services", list).unwrap();
        bench.systemctl(&["kill", "--kill-who=main", "--signal=HUP", "notices"]);
        bench.wait_until(&format!(
            "(systemctl status notices; journalctl --unit notices) | grep --quiet '{sign}'"
        ));
    };
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    read("other.service other\n", "Status: \"watching 1 units\"");
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["web-started", "other-started"]);
    read("other.service other\nweb.service web\n", "Status: \"watching 2 units\"");
    bench.assert_told(&["web-started", "other-started", "web-started"]);
    read("web.service\n", "watching as before");
    bench.systemctl(&["stop", "other"]);
    bench.assert_told(&["web-started", "other-started", "web-started", "other-stopped"]);
}

#[test]
fn the_daemon_ends_when_it_is_told_to() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["log-level", "debug"]);
    bench.charm("sleep 5");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("pgrep --full 'bash ./dispatch'");
    let since =
        "juju-systemd-notices status app/0 | sed -n 's/^being told since \\(.*\\): .*/\\1/p'";
    bench.shell(&format!("[ $(($(date +%s) - $(date --date \"$({since})\" +%s))) -lt 30 ]"));
    bench.shell("timeout 1 systemctl stop notices");
    let result = bench.shell("systemctl show --value --property Result notices");
    assert_eq!(result, "success\n");
    bench.wait_until("journalctl --sync; journalctl --unit notices | grep '(STOPPING=1)'");
    // As it is told by hand.
    bench.shell("timeout --preserve-status --signal=INT 2 juju-systemd-notices app/0");
    bench.assert_promise();
}

#[test]
fn the_daemon_says_that_it_is_alive() {
    let bench = Bench::without_daemon("web.service web\n", [("web.service", SERVICE)]);
    bench.watch_daemon();
    bench.systemctl(&["start", "notices"]);
    bench.shell("sleep 3");
    let restarts = bench.shell("systemctl show --value --property NRestarts notices");
    assert_eq!(restarts, "0\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.assert_promise();
}

#[test]
fn the_journal_says_what_was_told() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web", "other"]);
    bench.wait_until("[ $(wc -l </var/log/told) = 2 ]");
    bench.systemctl(&["stop", "web"]);
    bench.wait_until("[ $(wc -l </var/log/told) = 3 ]");
    let journal = "journalctl --sync; \
        journalctl --quiet --output json --lines 1 SYSTEMD_NOTICE_UNIT=web.service";
    bench.wait_until(&format!("{journal} | grep stopped"));
    let entry: serde_json::Value = serde_json::from_str(&bench.shell(journal)).unwrap();
    assert_eq!(entry["MESSAGE"], "told the charm `service-web-stopped`");
    assert_eq!(entry["PRIORITY"], "6");
    assert_eq!(entry["SYSLOG_IDENTIFIER"], "juju-systemd-notices");
    assert_eq!(entry["SYSTEMD_NOTICE_EVENT"], "service-web-stopped");
    assert_eq!(entry["SYSTEMD_NOTICE_ID"], bench.variable("ID"));
    bench.assert_promise();
}

#[test]
fn a_corrupt_ledger_is_set_aside() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "notices"]);
    bench.shell(&format!("echo '{{' >{LEDGER}"));
    // The daemon knows of nothing that was told, and the promise begins anew.
    bench.shell("rm /var/log/notices");
    bench.systemctl(&["start", "notices"]);
    bench.assert_told(&["web-started", "web-started"]);
    bench.shell(&format!("grep '^{{$' {LEDGER}.corrupt"));
    bench.shell("journalctl --unit notices | grep 'beginning anew'");
    bench.systemctl(&["restart", "web"]);
    bench.assert_promise();
}

#[test]
fn a_second_daemon_does_not_touch_what_the_first_has_told() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    for (words, code, error) in [
        ("stauts app/0", 2, "`stauts` is neither a command nor a unit"),
        ("app/0 other", 1, "another daemon works with `/var/lib/juju-systemd-notices/app-0`"),
    ] {
        let line = format!("timeout 20 juju-systemd-notices {words}");
        let output = bench.machine.run(["bash", "-c", &line]).unwrap();
        assert_eq!(output.code(), Some(code), "{words}");
        assert!(output.stderr().contains(error), "{output:?}");
    }
    bench.shell("systemctl kill --kill-who=main --signal=KILL notices");
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn a_full_folder_stops_nothing() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["stop", "notices"]);
    bench.watch_daemon();
    bench.shell(
        "cd /var/lib/juju-systemd-notices/app-0 && cp services /run/services && \
         mount -t tmpfs -o size=8k tmpfs . && cd $PWD && cp /run/services . && \
         ! dd if=/dev/zero of=filler bs=1k count=64 2>/dev/null",
    );
    bench.systemctl(&["start", "notices"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.shell("journalctl --unit notices | grep 'cannot write'");
    bench.shell(&format!("! grep web.service {LEDGER}"));
    // The daemon tries again when it says that it is alive.
    bench.shell("rm /var/lib/juju-systemd-notices/app-0/filler");
    bench.wait_until(&format!("grep web.service {LEDGER}"));
    bench.assert_promise();
}

#[test]
fn a_folder_that_nothing_can_be_written_to_any_more_stops_nothing() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "notices"]);
    let folder = "/var/lib/juju-systemd-notices/app-0";
    bench.shell(&format!("mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}"));
    bench.systemctl(&["start", "notices"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started"]);
    bench.assert_promise();
    // Nothing is taken for the end of another delivery.
    bench.systemctl(&["stop", "notices"]);
    bench.shell(&format!("umount {folder}"));
    bench.systemctl(&["start", "notices"]);
    bench.systemctl(&["stop", "web"]);
    bench.wait_until("tail -n 1 /var/log/told | grep --quiet web-stopped");
}

#[test]
fn a_reboot_is_told() {
    let mut bench = Bench::new("web.service web\n");
    bench.shell("printf '[Install]\\nWantedBy=multi-user.target\\n' | tee -a /etc/systemd/system/{web,notices}.service");
    bench.systemctl(&["enable", "web", "notices"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.machine.reboot().unwrap();
    bench.wait_until("[ $(tail -n 1 /var/log/told | cut -c 1-11) = web-started ]");
    bench.wait_until("[ $(wc -l </var/log/told) = 3 ]");
    bench.assert_promise();
}
