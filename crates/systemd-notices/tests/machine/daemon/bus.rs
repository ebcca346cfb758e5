//! What becomes of systemd and the bus.

use crate::daemon::bench::Bench;

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
    let fake = "busctl emit /org/freedesktop/systemd1/unit/web_2eservice \
        org.freedesktop.DBus.Properties PropertiesChanged 'sa{sv}as' \
        org.freedesktop.systemd1.Unit 1 ActiveState s failed 0";
    bench.run(&["runuser", "-u", "nobody", "--", "bash", "-c", fake]);
    let short = "busctl emit /org/freedesktop/systemd1/unit/web_2eservice \
        org.freedesktop.DBus.Properties PropertiesChanged s x";
    bench.run(&["runuser", "-u", "nobody", "--", "bash", "-c", short]);
    bench.systemctl(&["start", "other"]);
    bench.assert_told(&["web-started", "other-started"]);
    bench.assert_promise();
}
