//! What may be in the way to the charm.

use std::time::Instant;

use crate::daemon::bench::{Bench, SERVICE, instances};

#[test]
fn an_agent_that_is_not_there_is_asked_until_it_is() {
    let bench = Bench::without_daemon("web.service web\n", [("web.service", SERVICE)]);
    bench.start_with("--longest-pause 1");
    bench.agent("echo x >>/run/tries; [ $(wc -l </run/tries) -gt 10 ] || exit 1");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    assert_eq!(bench.shell("wc -l </run/tries"), "11\n");
    bench.shell("mv /usr/bin/juju-exec /usr/bin/juju-exec.away");
    bench.systemctl(&["stop", "web"]);
    bench.wait_until("journalctl --unit notices | grep --quiet 'juju-exec is not there'");
    bench.shell("mv /usr/bin/juju-exec.away /usr/bin/juju-run");
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn juju_exec_is_not_told_that_it_runs_in_a_hook() {
    let bench = Bench::without_daemon("web.service web\n", [("web.service", SERVICE)]);
    bench.systemctl(&["set-environment", "JUJU_CONTEXT_ID=app/0-run-commands-1"]);
    bench.systemctl(&["start", "notices", "web"]);
    bench.assert_told(&["web-started"]);
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
    let bench = Bench::with_units(&instances(200), [("web@.service", SERVICE)]);
    bench.agent("exec 9>/run/one; flock --nonblock 9 || echo two >>/run/twice");
    bench.shell(
        "for n in 1 2; do systemd-run --unit busy-$n bash -c 'while true; do :; done'; done",
    );
    bench.shell("systemctl start web@{0..199}");
    bench.shell("systemctl restart web@{0..199}");
    bench.assert_promise();
    bench.shell("! [ -e /run/twice ]");
    bench.assert_promise();
}

/// Not limited by systemd, however often it is started.
const UNLIMITED: &str = "[Unit]\nStartLimitIntervalSec=0\n";

#[test]
fn a_service_that_flaps_costs_few_hooks() {
    let often = format!("{UNLIMITED}{SERVICE}");
    let crash = format!("{UNLIMITED}[Service]\nExecStart=false\nRestart=always\nRestartSec=50ms\n");
    let bench = Bench::with_units(
        "web.service web\nagain.service again\ncrash.service crash failed\nother.service other\n",
        [
            ("web.service", often.as_str()),
            ("again.service", &often),
            ("crash.service", &crash),
            ("other.service", SERVICE),
        ],
    );
    bench.charm("case $SYSTEMD_NOTICE_ALIAS-$SYSTEMD_NOTICE_EVENT in again-started) systemctl restart again ;; esac");
    let begin = Instant::now();
    bench.systemctl(&["start", "again", "crash"]);
    bench.shell("for n in {1..100}; do systemctl start web; systemctl stop web; done");
    bench.systemctl(&["start", "web", "other"]);
    bench.wait_until("grep --quiet other-started /var/log/told");
    bench.charm("");
    bench.systemctl(&["stop", "again", "crash"]);
    bench.assert_promise();
    // Ten at once, and then one in five seconds.
    let bound = 11 + begin.elapsed().as_secs() / 5;
    for alias in ["web", "again", "crash"] {
        let count = bench.shell(&format!("grep --count ^{alias}- /var/log/told"));
        let told: u64 = count.trim().parse().unwrap();
        assert!((10..=bound).contains(&told), "{alias}: {told}, and not {bound}");
    }
}

#[test]
fn a_charm_that_fails_and_changes_its_service_is_not_asked_for_ever() {
    let reloads = "[Service]\nExecStart=/usr/bin/sleep infinity\nExecReload=/usr/bin/true\n";
    let bench = Bench::with_units(
        "web.service reload\nagain.service restart\n",
        [("web.service", reloads), ("again.service", SERVICE)],
    );
    bench.charm(
        "verb=$SYSTEMD_NOTICE_ALIAS; echo x >>/run/$verb; systemctl $verb $SYSTEMD_NOTICE_UNIT; exit 1",
    );
    bench.systemctl(&["start", "web", "again"]);
    bench.wait_until("[ $(wc -l </run/reload) -eq 3 ]");
    // It would be asked again after 12 seconds.
    bench.shell("sleep 14");
    assert_eq!(bench.shell("wc -l </run/reload"), "3\n");
    // Each restart is another run. It is asked after 3, 6, 12 and 24 seconds.
    let tries: u32 = bench.shell("wc -l </run/restart").trim().parse().unwrap();
    assert!((3..=5).contains(&tries), "{tries}");
    bench.charm("");
    bench.systemctl(&["restart", "web", "again"]);
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

#[test]
fn an_agent_that_hangs_is_given_up_and_asked_again() {
    let bench = Bench::without_daemon("web.service web\n", [("web.service", SERVICE)]);
    bench.start_with("--time-limit 1");
    bench.agent("[ -e /run/hung ] || { touch /run/hung; sleep 4444; }");
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("! pgrep --full '^sleep 4444$'");
    bench.assert_promise();
}

/// Has the daemon killed, with the delivery that is under way, just before it
/// would come to know that the charm has heard of a start.
fn with_lost_delivery() -> Bench {
    let bench = Bench::new("web.service web\n");
    bench.agent_after("rm /run/agent-after; sleep 4444");
    bench.systemctl(&["start", "web"]);
    bench.wait_until("pgrep --full '^sleep 4444$'");
    bench.assert_told(&["web-started"]);
    bench
}

#[test]
fn a_notice_that_is_repeated_has_its_id() {
    let bench = with_lost_delivery();
    let id = bench.variable("ID");
    bench.systemctl(&["kill", "--kill-who=all", "--signal=KILL", "notices"]);
    bench.assert_told(&["web-started", "web-started"]);
    assert_eq!(bench.variable("ID"), id);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-started", "web-stopped"]);
    bench.assert_promise_with_repeats(1);
}

#[test]
fn what_the_charm_may_have_heard_is_put_right() {
    let bench = with_lost_delivery();
    bench.systemctl(&["kill", "--kill-who=all", "--signal=KILL", "notices"]);
    // It may be there again, and have begun to repeat the start.
    bench.systemctl(&["stop", "web"]);
    bench.wait_until("tail -n 1 /var/log/told | grep --quiet web-stopped");
    bench.assert_promise_with_repeats(1);
}

#[test]
fn a_daemon_may_die_at_any_time() {
    let bench = Bench::with_units(&instances(5), [("web@.service", SERVICE)]);
    bench.shell(
        "for n in {1..60}; do
            systemctl --no-block $([ $((RANDOM % 3)) = 0 ] && echo stop || echo restart) web@$((RANDOM % 5))
            [ $((n % 4)) != 0 ] || { sleep 0.0$((RANDOM % 10)); systemctl kill --kill-who=main --signal=KILL notices; }
        done; true",
    );
    bench.assert_promise();
    let deaths = "journalctl --unit notices | grep --count 'status=9/KILL'";
    let deaths: u32 = bench.shell(deaths).trim().parse().unwrap();
    assert!(deaths > 3, "{deaths}");
}
