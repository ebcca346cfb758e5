//! What may be in the way to the charm.

use crate::daemon::bench::{Bench, SERVICE, instances};

#[test]
fn an_agent_that_is_not_there_is_asked_until_it_is() {
    let bench = Bench::new("web.service web\n");
    bench.agent("echo x >>/run/tries; [ $(wc -l </run/tries) -gt 7 ] || exit 1");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("mv /usr/bin/juju-exec /usr/bin/juju-exec.away");
    bench.systemctl(&["stop", "web"]);
    bench.wait_until("journalctl --unit notices | grep --quiet 'juju-exec is not there'");
    bench.shell("mv /usr/bin/juju-exec.away /usr/bin/juju-run");
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn a_charm_that_fails_is_asked_a_few_times_and_then_at_the_next_change() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.charm("echo x >>/run/tries; [ $SYSTEMD_NOTICE_ALIAS = other ] || exit 1");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("[ $(wc -l </run/tries) -eq 3 ]");
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["other-started"]);
    assert_eq!(bench.shell("wc -l </run/tries"), "4\n");
    bench.charm("");
    bench.systemctl(&["restart", "web"]);
    bench.assert_told(&["other-started", "web-started merged"]);
    bench.assert_promise();
}

#[test]
fn one_thing_is_told_at_a_time() {
    let bench = Bench::with_units(&instances(50), [("web@.service", SERVICE)]);
    bench.agent("exec 9>/run/one; flock --nonblock 9 || echo two >>/run/twice; sleep 0.05");
    bench.shell("systemctl start web@{0..49}");
    bench.shell("systemctl restart web@{0..49}");
    bench.shell("systemctl stop web@{0..49}");
    // Of each unit of which anything was told, the last word is that it has
    // stopped.
    bench.wait_until(
        "for n in {0..49}; do ! grep \"web-$n-\" /var/log/told | tail -n 1 | grep -q started || exit 1; done",
    );
    bench.shell("! [ -e /run/twice ]");
    bench.assert_promise();
}

#[test]
fn a_service_that_flaps_costs_few_hooks() {
    let bench = Bench::new("web.service web\n");
    bench
        .machine
        .write("/run/systemd/system/web.service.d/often.conf", "[Unit]\nStartLimitIntervalSec=0\n")
        .unwrap();
    bench.systemctl(&["daemon-reload"]);
    bench.agent("sleep 1");
    bench.shell("for n in {1..100}; do systemctl start web; systemctl stop web; done");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("[ $(tail -n 1 /var/log/told | cut -c 1-11) = web-started ] && sleep 3");
    let told: usize = bench.shell("wc -l </var/log/told").trim().parse().unwrap();
    assert!(told < 40, "{told}");
    bench.assert_promise();
}

#[test]
fn the_daemon_may_be_restarted_while_the_charm_is_told() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.charm("sleep 3");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("pgrep --full 'bash ./dispatch'");
    bench.systemctl(&["restart", "notices"]);
    bench.systemctl(&["start", "other"]);
    bench.shell("systemctl kill --kill-who=main --signal=KILL notices");
    bench.assert_told(&["web-started", "other-started"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "other-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn what_happens_while_the_daemon_is_down_is_told() {
    let bench = Bench::new("web.service web\nother.service other\n");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("systemctl kill --kill-who=main --signal=KILL notices; systemctl stop notices web; systemctl start other notices");
    bench.wait_until("[ $(wc -l </var/log/told) = 3 ]");
    assert_eq!(bench.shell("tail -n 2 /var/log/told | sort"), "other-started\nweb-stopped\n");
    bench.systemctl(&["stop", "notices"]);
    bench.systemctl(&["restart", "other"]);
    bench.systemctl(&["start", "notices"]);
    bench.wait_until("[ $(wc -l </var/log/told) = 5 ]");
    assert_eq!(
        bench.shell("tail -n 2 /var/log/told"),
        "other-stopped merged\nother-started merged\n"
    );
    bench.assert_promise();
}
