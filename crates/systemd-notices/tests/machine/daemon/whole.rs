//! The charm's side and the daemon together, in the unit file that the charm
//! writes.

use std::fs;

use super::bench::LIMIT;
use crate::unit::{Unit, machine};

/// A charm's program, which is the daemon, too.
const DISPATCH: &str = r#"#!/bin/bash
if [ "$1" = systemd-notices ]; then
    shift
    exec /usr/local/bin/juju-systemd-notices "$@"
fi
echo "${JUJU_DISPATCH_PATH#hooks/service-}" >>/var/log/told
"#;

/// Has the agent run the text. What juju-exec itself may do is what the unit
/// file lets it do.
const JUJU_EXEC: &str = r#"#!/bin/sh
[ -z "$JUJU_CONTEXT_ID" ] || exit 2
printf '%s' "$2" >/run/text && read -r code </run/code && exit "$code"
"#;

/// Runs texts in the charm's folder, outside of the daemon's unit.
const AGENT: &str = "[Service]
Type=exec
WorkingDirectory=/var/lib/juju/agents/unit-app-0/charm
ExecStartPre=/usr/bin/mkfifo /run/text /run/code
ExecStart=/bin/bash -c 'while true; do bash </run/text; echo $? >/run/code; done'
";

#[test]
fn a_charm_hears_of_its_services_until_it_removes_its_notices() {
    let machine = machine();
    fs::copy(env!("CARGO_BIN_EXE_juju-systemd-notices"), machine.shared_dir().join("daemon"))
        .unwrap();
    let unit = Unit::that_is_there(&machine, "app/0");
    unit.run(&["cp", "/shared/daemon", "/usr/local/bin/juju-systemd-notices"]);
    let dispatch = format!("{}/dispatch", unit.charm);
    for (path, text) in [(dispatch.as_str(), DISPATCH), ("/usr/bin/juju-exec", JUJU_EXEC)] {
        machine.write(path, text).unwrap();
        unit.run(&["chmod", "755", path]);
    }
    machine.write("/etc/systemd/system/agent.service", AGENT).unwrap();
    unit.run(&["systemctl", "start", "agent"]);
    for name in ["web", "other"] {
        let path = format!("/etc/systemd/system/{name}.service");
        machine.write(&path, "[Service]\nExecStart=/usr/bin/sleep infinity\n").unwrap();
    }
    let told = |lines: usize| {
        let told = || unit.run(&["bash", "-c", "cat /var/log/told 2>/dev/null; true"]);
        let end =
            machine.wait_until("the charm to be told", LIMIT, || told().lines().count() >= lines);
        end.unwrap_or_else(|error| panic!("{error}\n{}", machine.journal().unwrap()));
        told()
    };
    unit.done("apply", &["web"]);
    unit.run(&["systemctl", "start", "web"]);
    assert_eq!(told(1), "web-started\n");
    unit.done("apply", &["web=front", "other"]);
    unit.run(&["systemctl", "stop", "web"]);
    assert_eq!(told(2), "web-started\nfront-stopped\n");
    unit.run(&["systemctl", "restart", &unit.service()]);
    unit.run(&["systemctl", "start", "other"]);
    assert_eq!(told(3), "web-started\nfront-stopped\nother-started\n");
    unit.done("remove", &[]);
    // The kernel knows programs by 15 bytes of their name.
    unit.run(&["bash", "-c", "! pgrep --exact juju-systemd-no"]);
}
