//! The charm's side and the daemon together, in the unit file that the charm
//! writes.

use std::fs;

use throwaway_machine::ThrowawayMachine;

use super::bench::LIMIT;
use super::said::assert_promise;
use crate::unit::{Unit, machine};

/// A charm's program, which is the daemon, too.
const DISPATCH: &str = r#"#!/bin/bash
if [ "$1" = systemd-notices ]; then
    shift
    exec /usr/local/bin/juju-systemd-notices "$@"
fi
[ -e /run/charm ] && . /run/charm
unit=$(basename "$(dirname "$PWD")")
for name in "${!SYSTEMD_NOTICE_@}"; do notice+="$name=${!name}"$'\t'; done
echo "$notice" >>"/var/log/notices-$unit"
echo "${JUJU_DISPATCH_PATH#hooks/service-}" >>"/var/log/told-$unit"
"#;

/// Has the agent run the text. What juju-exec itself may do is what the unit
/// file lets it do.
const JUJU_EXEC: &str = r#"#!/bin/sh
[ -z "$JUJU_CONTEXT_ID" ] || exit 2
agent=/run/agent-unit-$(echo "$1" | tr / -)
printf '%s' "$2" >"$agent/text" && read -r code <"$agent/code" && exit "$code"
"#;

/// Runs texts in the charm's folder, outside of the daemon's unit.
const AGENT: &str = "[Service]
Type=exec
RuntimeDirectory=agent-%i
WorkingDirectory=/var/lib/juju/agents/%i/charm
ExecStartPre=/usr/bin/mkfifo /run/agent-%i/text /run/agent-%i/code
ExecStart=/bin/bash -c 'while true; do bash </run/agent-%i/text; echo $? >/run/agent-%i/code; done'
";

/// Boots a machine with services of these names.
fn machine_with(services: &[&str]) -> ThrowawayMachine {
    let machine = machine();
    let daemon = machine.shared_dir().join("juju-systemd-notices");
    fs::copy(env!("CARGO_BIN_EXE_juju-systemd-notices"), daemon).unwrap();
    let run = |words: [&str; 3]| assert_eq!(machine.run(words).unwrap().code(), Some(0));
    run(["cp", "/shared/juju-systemd-notices", "/usr/local/bin"]);
    machine.write("/usr/bin/juju-exec", JUJU_EXEC).unwrap();
    run(["chmod", "755", "/usr/bin/juju-exec"]);
    machine.write("/etc/systemd/system/agent@.service", AGENT).unwrap();
    for name in services {
        let path = format!("/etc/systemd/system/{name}.service");
        machine.write(&path, "[Service]\nExecStart=/usr/bin/sleep infinity\n").unwrap();
    }
    machine
}

/// A unit of a charm that is told of services.
struct Told<'a> {
    unit: Unit<'a>,
    machine: &'a ThrowawayMachine,
    slug: String,
}

impl<'a> Told<'a> {
    fn new(machine: &'a ThrowawayMachine, name: &'static str) -> Self {
        let unit = Unit::that_is_there(machine, name);
        let dispatch = format!("{}/dispatch", unit.charm);
        machine.write(&dispatch, DISPATCH).unwrap();
        unit.run(&["chmod", "755", &dispatch]);
        let slug = format!("unit-{}", name.replace('/', "-"));
        unit.run(&["systemctl", "start", &format!("agent@{slug}")]);
        Self { unit, machine, slug }
    }

    fn systemctl(&self, arguments: &[&str]) {
        self.unit.run(&[&["systemctl"], arguments].concat());
    }

    /// Waits until the charm was told exactly these events, in this order.
    #[track_caller]
    fn assert_told(&self, events: &[&str]) {
        let line = format!("cat /var/log/told-{} 2>/dev/null; true", self.slug);
        let told = || self.unit.run(&["bash", "-c", &line]);
        let is_told = || told().lines().count() >= events.len();
        let outcome = self.machine.wait_until("the charm to be told", LIMIT, is_told);
        let journal = || self.machine.journal().unwrap();
        assert_eq!(told().lines().collect::<Vec<_>>(), events, "{outcome:?}\n{}", journal());
    }

    /// Waits until the promise about these services is kept.
    #[track_caller]
    fn assert_promise(&self, services: &[&str]) {
        let units: Vec<_> = services.iter().map(|name| format!("{name}.service")).collect();
        let units: Vec<_> = units.iter().map(String::as_str).collect();
        assert_promise(self.machine, &units, &format!("/var/log/notices-{}", self.slug), 0);
    }
}

#[test]
fn a_charm_hears_of_its_services_until_it_removes_its_notices() {
    let machine = machine_with(&["web", "other"]);
    let charm = Told::new(&machine, "app/0");
    charm.unit.done("apply", &["web"]);
    charm.systemctl(&["start", "web"]);
    charm.assert_told(&["web-started"]);
    charm.unit.done("apply", &["web=front", "other"]);
    charm.systemctl(&["stop", "web"]);
    charm.assert_told(&["web-started", "front-stopped"]);
    charm.systemctl(&["restart", &charm.unit.service()]);
    charm.systemctl(&["start", "other"]);
    charm.assert_told(&["web-started", "front-stopped", "other-started"]);
    charm.assert_promise(&["web", "other"]);
    charm.unit.done("remove", &[]);
    // The kernel knows programs by 15 bytes of their name.
    charm.unit.run(&["bash", "-c", "! pgrep --exact juju-systemd-no"]);
}

#[test]
fn a_hook_may_remove_the_notices_that_it_was_asked_for_by() {
    let machine = machine_with(&["web"]);
    let charm = Told::new(&machine, "app/0");
    charm.unit.done("apply", &["web"]);
    // The kernel knows programs by 15 bytes of their name.
    let is_there = "pgrep --exact 'juju-exec|juju-systemd-no'";
    let hook = format!(
        "/shared/notices remove app/0 {} && while {is_there}; do sleep 0.1; done || exit",
        charm.unit.charm
    );
    machine.write("/run/charm", hook).unwrap();
    charm.systemctl(&["start", "web"]);
    // The charm writes that down at its end, when nobody waits for it any more.
    charm.assert_told(&["web-started"]);
    charm.unit.run(&["bash", "-c", "! [ -e /var/lib/juju-systemd-notices ]"]);
}

#[test]
fn a_daemon_without_a_list_ends_until_the_charm_writes_one() {
    let machine = machine_with(&["web"]);
    let charm = Told::new(&machine, "app/0");
    charm.unit.done("apply", &["web"]);
    charm.unit.run(&["rm", "/var/lib/juju-systemd-notices/app-0/services"]);
    charm.systemctl(&["kill", "--kill-who=main", "--signal=KILL", &charm.unit.service()]);
    charm.unit.wait_until("the daemon to be given up", || {
        charm.unit.show("ActiveState") == "ActiveState=failed\n"
    });
    let journal = machine.journal().unwrap();
    let line = "cannot read `/var/lib/juju-systemd-notices/app-0/services`";
    assert_eq!(journal.matches(line).count(), 1, "{journal}");
    charm.unit.done("apply", &["web"]);
    charm.systemctl(&["start", "web"]);
    charm.assert_told(&["web-started"]);
}

#[test]
fn a_bus_that_is_away_does_not_use_up_the_starts() {
    let machine = machine_with(&["web"]);
    let charm = Told::new(&machine, "app/0");
    charm.unit.done("apply", &["web"]);
    charm.systemctl(&["mask", "--runtime", "dbus.socket", "dbus.service"]);
    charm.systemctl(&["stop", "dbus.socket", "dbus.service"]);
    let is_waiting = || machine.journal().unwrap().contains("waiting for the system bus");
    charm.unit.wait_until("the daemon to wait", is_waiting);
    charm.systemctl(&["start", "web"]);
    charm.unit.run(&["sleep", "12"]);
    charm.systemctl(&["unmask", "--runtime", "dbus.socket", "dbus.service"]);
    charm.systemctl(&["start", "dbus.socket"]);
    charm.assert_told(&["web-started"]);
    assert_eq!(charm.unit.show("NRestarts"), "NRestarts=1\n");
}

#[test]
fn a_service_needs_no_alias_whatever_it_is_called() {
    let names = ["with-dash", "snap.name.daemon", "at@inst.1", "3proxy", "a:b", r"esc\x2dbar"];
    let machine = machine_with(&names);
    let charm = Told::new(&machine, "app/0");
    charm.unit.done("apply", &names);
    let mut told = Vec::new();
    for (name, event) in names.iter().zip([
        "with-dash-started",
        "snap-name-daemon-started",
        "at-inst-1-started",
        "3proxy-started",
        "a-b-started",
        "esc-x2dbar-started",
    ]) {
        charm.systemctl(&["start", &format!("{name}.service")]);
        told.push(event);
        charm.assert_told(&told);
    }
    charm.assert_promise(&names);
}

#[test]
fn charms_on_one_machine_are_told_each_for_itself() {
    let machine = machine_with(&["web", "other"]);
    let [app, db] = ["app/0", "db/1"].map(|name| Told::new(&machine, name));
    app.unit.done("apply", &["web", "other"]);
    db.unit.done("apply", &["web=front"]);
    app.systemctl(&["start", "web"]);
    app.assert_told(&["web-started"]);
    db.assert_told(&["front-started"]);
    // The agent of one hangs, and the other is told.
    app.systemctl(&["kill", "--signal=STOP", "agent@unit-db-1"]);
    app.systemctl(&["stop", "web"]);
    app.assert_told(&["web-started", "web-stopped"]);
    app.systemctl(&["start", "other"]);
    app.assert_told(&["web-started", "web-stopped", "other-started"]);
    db.systemctl(&["kill", "--signal=CONT", "agent@unit-db-1"]);
    db.assert_told(&["front-started", "front-stopped"]);
    app.assert_promise(&["web", "other"]);
    // One goes, and the other stays.
    app.unit.done("remove", &[]);
    db.systemctl(&["start", "web"]);
    db.assert_told(&["front-started", "front-stopped", "front-started"]);
    db.assert_promise(&["web"]);
    app.assert_told(&["web-started", "web-stopped", "other-started"]);
}
