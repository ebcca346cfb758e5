//! What the Python library has left is taken over.

use crate::unit::{Unit, machine};

/// A unit file as the Python library writes it.
const UNIT_FILE: &str = "[Unit]
Description=Juju systemd notices daemon
After=multi-user.target

[Service]
Type=simple
Restart=always
WorkingDirectory=/
Environment=\"PYTHONPATH=/venv\"
ExecStart=/usr/bin/sleep 7777

[Install]
WantedBy=multi-user.target";

/// Brings a Python daemon to the machine, and its links.
fn with_python(unit: Unit<'_>) -> Unit<'_> {
    let script = format!(
        "cd {charm} && mkdir hooks && cd hooks
        ln -s {charm}/dispatch service-nginx-started && ln -s /gone/dispatch service-nginx-stopped
        touch service-own-stopped
        printf '%s' '{UNIT_FILE}' >/etc/systemd/system/{service}
        systemctl daemon-reload && systemctl enable --now {service}",
        charm = unit.charm,
        service = unit.service(),
    );
    unit.run(&["bash", "-ec", &script]);
    // A simple service is active before its process runs the program.
    unit.wait_for_process("^/usr/bin/sleep 7777$");
    unit
}

#[test]
fn its_daemon_and_its_links_are_replaced() {
    let machine = machine();
    let unit = with_python(Unit::new(&machine, "web/0"));
    insta::assert_snapshot!(unit.apply(&["nginx"]), @r"
    show SERVICE
    daemon-reload
    restart SERVICE
    ");
    insta::assert_snapshot!(unit.log(), @"start first, cannot write, in no hook, systemd-notices web/0 : nginx.service");
    insta::assert_snapshot!(unit.show("Type,ActiveState,UnitFileState"), @r"
    Type=notify
    ActiveState=active
    UnitFileState=enabled
    ");
    let pgrep = ["pgrep", "--full", "^/usr/bin/sleep 7777$"];
    assert_eq!(machine.run(pgrep).unwrap().code(), Some(1));
    assert_eq!(unit.run(&["ls", &format!("{}/hooks", unit.charm)]), "service-own-stopped\n");
}

#[test]
fn it_is_stopped_and_removed_like_ours() {
    let machine = machine();
    let unit = with_python(Unit::new(&machine, "web/0"));
    unit.done("stop", &[]);
    insta::assert_snapshot!(unit.show("ActiveState,UnitFileState"), @r"
    ActiveState=inactive
    UnitFileState=disabled
    ");
    unit.done("remove", &[]);
    insta::assert_snapshot!(unit.show("LoadState,ActiveState"), @r"
    LoadState=not-found
    ActiveState=inactive
    ");
    assert_eq!(unit.run(&["ls", &format!("{}/hooks", unit.charm)]), "service-own-stopped\n");
}
