//! The daemon is stopped and removed.

use crate::unit::{Unit, machine};

/// Every file below the folders that notices are in, every unit of theirs, and
/// what the stand-ins have left running.
fn traces(unit: &Unit<'_>) -> String {
    let files = unit.run(&["find", "/etc/systemd", "/var/lib", "-path", "*notices*"]);
    let units = unit.run(&["systemctl", "list-units", "--all", "--plain", "--no-legend", "juju-*"]);
    files + &units + &unit.run(&["bash", "-c", "pgrep --full '^sleep 600$'; true"])
}

/// Waits until there are no traces: what is killed takes its time to end.
#[track_caller]
fn assert_no_traces(unit: &Unit<'_>) {
    unit.wait_until("nothing to be left", || traces(unit).is_empty());
}

#[test]
fn stop_and_remove_do_nothing_where_nothing_is() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.done("stop", &["nginx"]);
    unit.done("remove", &["nginx"]);
    insta::assert_snapshot!(unit.calls(), @r"
    show SERVICE
    show SERVICE
    show SERVICE
    ");
}

#[test]
fn a_stopped_daemon_stays_away_until_it_is_applied_again() {
    let mut machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    unit.done("stop", &[]);
    insta::assert_snapshot!(unit.calls(), @r"
    show SERVICE
    stop SERVICE
    disable SERVICE
    ");
    insta::assert_snapshot!(unit.show("ActiveState,UnitFileState"), @r"
    ActiveState=inactive
    UnitFileState=disabled
    ");
    machine.reboot().unwrap();
    let unit = Unit::that_is_there(&machine, "web/0");
    insta::assert_snapshot!(unit.show("ActiveState,UnitFileState"), @r"
    ActiveState=inactive
    UnitFileState=disabled
    ");
    unit.apply(&["nginx"]);
    insta::assert_snapshot!(unit.show("ActiveState,UnitFileState"), @r"
    ActiveState=active
    UnitFileState=enabled
    ");
}

#[test]
fn remove_leaves_nothing_behind() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    assert_eq!(traces(&unit), "");
    unit.apply(&["nginx"]);
    assert_ne!(traces(&unit), "");
    unit.done("remove", &[]);
    insta::assert_snapshot!(unit.calls(), @r"
    show SERVICE
    stop SERVICE
    disable SERVICE
    show SERVICE
    kill --signal=KILL SERVICE
    daemon-reload
    ");
    assert_no_traces(&unit);

    // Also a failed daemon, whose unit file somebody has removed.
    unit.refresh("failing");
    unit.apply(&["nginx"]);
    unit.run(&["systemctl", "stop", &unit.service()]);
    assert_eq!(unit.show("ActiveState"), "ActiveState=failed\n");
    unit.run(&["rm", &format!("/etc/systemd/system/{}", unit.service())]);
    unit.done("remove", &[]);
    assert_no_traces(&unit);

    // Also what somebody else has stopped.
    unit.apply(&["nginx"]);
    unit.done("stop", &[]);
    unit.done("remove", &[]);
    assert_no_traces(&unit);
}

#[test]
fn a_link_without_its_unit_file_is_removed_too() {
    let machine = machine();
    let unit = Unit::new(&machine, "web/0");
    unit.apply(&["nginx"]);
    unit.run(&["systemctl", "stop", &unit.service()]);
    unit.run(&["pkill", "--full", "^sleep 600$"]);
    unit.run(&["rm", &format!("/etc/systemd/system/{}", unit.service())]);
    unit.run(&["systemctl", "daemon-reload"]);
    unit.done("remove", &[]);
    insta::assert_snapshot!(unit.calls(), @r"
    show SERVICE
    show SERVICE
    daemon-reload
    ");
    assert_eq!(traces(&unit), "");
}

#[test]
fn units_of_a_machine_do_not_touch_each_other() {
    let machine = machine();
    let units = ["web/0", "web/1", "web-a/0"].map(|name| Unit::new(&machine, name));
    for unit in &units {
        unit.apply(&["nginx"]);
    }
    let runs = || units.each_ref().map(|unit| unit.show("InvocationID"));
    let before = runs();
    units[0].done("remove", &[]);
    assert_eq!(runs()[1..], before[1..]);
    for unit in &units[1..] {
        assert_eq!(unit.apply(&["nginx"]), "show SERVICE\n");
    }
}
