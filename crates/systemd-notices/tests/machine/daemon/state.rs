//! The daemon's own state.

use crate::daemon::bench::Bench;

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
fn the_daemon_ends_when_it_is_told_to() {
    let bench = Bench::new("web.service web\n");
    bench.charm("sleep 5");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("pgrep --full 'bash ./dispatch'");
    let since =
        "juju-systemd-notices status app/0 | sed -n 's/^being told since \\(.*\\): .*/\\1/p'";
    bench.shell(&format!("[ $(($(date +%s) - $(date --date \"$({since})\" +%s))) -lt 30 ]"));
    bench.shell("timeout 1 systemctl stop notices");
    let result = bench.shell("systemctl show --value --property Result notices");
    assert_eq!(result, "success\n");
    bench.assert_promise();
}

#[test]
fn a_corrupt_ledger_is_set_aside() {
    let bench = Bench::new("web.service web\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["stop", "notices"]);
    bench.shell(&format!("echo '{{' >{LEDGER}"));
    bench.systemctl(&["start", "notices"]);
    bench.assert_told(&["web-started", "web-started"]);
    bench.shell(&format!("grep '^{{$' {LEDGER}.corrupt"));
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
