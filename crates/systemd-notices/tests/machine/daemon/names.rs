//! Names of units, and units that come and go.

use crate::daemon::bench::{Bench, SERVICE, instances};

#[test]
fn a_unit_may_have_any_name_that_systemd_allows() {
    let names = [
        "3proxy",
        "a:b",
        "my_2evar",
        "under_2dscore",
        r"esc\x2dbar",
        "with-dash",
        "with.dot",
        "at@inst",
        "UPPER",
        "x_5f2d",
    ];
    let lines = names.iter().enumerate();
    let lines = lines.map(|(number, name)| format!("{name}.service unit-{number}\n"));
    let bench = Bench::new(&lines.collect::<Vec<_>>().concat());
    let mut told = Vec::new();
    for (number, name) in names.iter().enumerate() {
        bench.systemctl(&["start", &format!("{name}.service")]);
        told.push(format!("unit-{number}-started"));
        bench.assert_told(&told.iter().map(String::as_str).collect::<Vec<_>>());
    }
    bench.assert_promise();
}

#[test]
fn only_the_instance_that_is_watched_is_told() {
    let bench = Bench::with_units("web@1.service web-1\n", [("web@.service", SERVICE)]);
    bench.systemctl(&["start", "web@2", "web@1"]);
    bench.systemctl(&["stop", "web@2", "web@1"]);
    bench.wait_until("grep --quiet stopped /var/log/told");
    bench.assert_told(&["web-1-started", "web-1-stopped"]);
    bench.assert_promise();
}

#[test]
fn a_unit_may_be_watched_by_its_alias() {
    let text = format!("{SERVICE}[Install]\nAlias=database.service\n");
    let bench = Bench::with_units(
        "database.service database\nlate.service late\n",
        [("mariadb.service", text.as_str()), ("real.service", SERVICE)],
    );
    // The alias is there only from now on.
    bench.systemctl(&["enable", "mariadb"]);
    bench.shell("ln -s real.service /etc/systemd/system/late.service");
    bench.systemctl(&["daemon-reload"]);
    bench.systemctl(&["start", "mariadb"]);
    bench.assert_told(&["database-started"]);
    assert_eq!(bench.variable("UNIT"), "database.service");
    bench.systemctl(&["start", "real"]);
    bench.assert_told(&["database-started", "late-started"]);
    bench.systemctl(&["stop", "mariadb"]);
    bench.assert_told(&["database-started", "late-started", "database-stopped"]);
    bench.systemctl(&["restart", "notices"]);
    bench.systemctl(&["start", "database"]);
    bench.assert_told(&[
        "database-started",
        "late-started",
        "database-stopped",
        "database-started",
    ]);
    bench.assert_promise();
}

#[test]
fn a_unit_may_come_and_go() {
    let bench = Bench::with_units("web.service web\n", []);
    bench.machine.write("/etc/systemd/system/web.service", SERVICE).unwrap();
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.shell("rm /etc/systemd/system/web.service");
    bench.systemctl(&["daemon-reload"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.systemctl(&["mask", "web"]);
    bench.systemctl(&["unmask", "web"]);
    bench.machine.write("/etc/systemd/system/web.service", SERVICE).unwrap();
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started"]);
    bench.systemctl(&["stop", "web"]);
    bench.shell("rm /etc/systemd/system/web.service");
    bench.systemctl(&["daemon-reload"]);
    bench.shell("systemd-run --unit=web sleep infinity");
    bench.assert_told(&["web-started", "web-stopped", "web-started", "web-stopped", "web-started"]);
    bench.assert_promise();
}

#[test]
fn a_unit_may_be_masked_while_it_runs() {
    let bench = Bench::with_units("web.service web\n", []);
    bench.machine.write("/run/systemd/system/web.service", SERVICE).unwrap();
    bench.systemctl(&["daemon-reload"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["mask", "--now", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.systemctl(&["unmask", "web"]);
    bench.systemctl(&["start", "web"]);
    bench.assert_told(&["web-started", "web-stopped", "web-started"]);
    bench.assert_promise();
}

#[test]
fn what_is_up_already_is_told() {
    let bench = Bench::without_daemon("web.service web\n", [("web.service", SERVICE)]);
    bench.systemctl(&["start", "web"]);
    bench.systemctl(&["start", "notices"]);
    bench.assert_told(&["web-started"]);
    bench.systemctl(&["restart", "notices"]);
    bench.systemctl(&["stop", "web"]);
    bench.assert_told(&["web-started", "web-stopped"]);
    bench.assert_promise();
}

#[test]
fn hundreds_of_units_may_be_up_already() {
    let bench = Bench::without_daemon(&instances(200), [("web@.service", SERVICE)]);
    bench.shell("systemctl start web@{0..199}");
    bench.systemctl(&["start", "notices"]);
    bench.assert_promise();
    // The bus refuses calls of who has too many open.
    let with_run = bench.shell("grep --count SYSTEMD_NOTICE_INVOCATION= /var/log/notices");
    assert_eq!(with_run, "200\n");
}

#[test]
fn hundreds_of_units_are_watched() {
    let units = [("web@.service", SERVICE), ("other@.service", SERVICE)];
    let bench = Bench::with_units(&instances(600), units);
    bench.systemctl(&["start", "other@5", "web@599"]);
    bench.assert_told(&["web-599-started"]);
    // Of an interpreter, this would be less than a third.
    let memory = "awk '/^Pss:/ { print $2 }' /proc/$(pgrep --exact juju-systemd-no)/smaps_rollup";
    let kilobytes: u32 = bench.shell(memory).trim().parse().unwrap();
    assert!(kilobytes < 9_000, "{kilobytes} kB for a debug build");
    bench.systemctl(&["start", "web@0"]);
    bench.assert_told(&["web-599-started", "web-0-started"]);
    bench.assert_promise();
}

#[test]
fn hundreds_of_units_may_be_up_when_the_daemon_starts() {
    let bench = Bench::without_daemon(&instances(600), [("web@.service", SERVICE)]);
    bench.shell("systemctl start web@{0..599}");
    bench.systemctl(&["start", "notices"]);
    bench.assert_promise();
    bench.systemctl(&["stop", "notices"]);
    bench.shell("systemctl restart web@{0..99}");
    bench.systemctl(&["start", "notices"]);
    bench.assert_promise();
    // The bus has refused no call.
    bench.assert_no_warning();
}

#[test]
fn mounts_and_paths_start_and_stop_too() {
    let bench = Bench::without_daemon(
        "srv-data.mount data\ninbox.path inbox\n",
        [
            ("srv-data.mount", "[Mount]\nWhat=tmpfs\nWhere=/srv/data\nType=tmpfs\n"),
            ("inbox.path", "[Path]\nPathExists=/run/inbox\n"),
            ("inbox.service", SERVICE),
        ],
    );
    bench.systemctl(&["start", "srv-data.mount"]);
    bench.systemctl(&["start", "notices"]);
    bench.assert_told(&["data-started"]);
    assert_eq!(bench.variable("SUB_STATE"), "mounted");
    assert_eq!(bench.variable("RESULT"), "success");
    bench.systemctl(&["start", "inbox.path"]);
    bench.shell("touch /run/inbox");
    bench.systemctl(&["stop", "srv-data.mount"]);
    bench.assert_told(&["data-started", "inbox-started", "data-stopped"]);
    bench.systemctl(&["stop", "inbox.path"]);
    bench.assert_told(&["data-started", "inbox-started", "data-stopped", "inbox-stopped"]);
    bench.assert_promise();
}

#[test]
fn a_mount_needs_no_unit_file() {
    // The journal does not say who has mounted what, so that nothing there
    // tells whether the promise is kept.
    let bench = Bench::with_units("srv-disk.mount disk\n", []);
    let mut told = Vec::new();
    for _ in 0..2 {
        bench.shell("mkdir -p /srv/disk && mount -t tmpfs tmpfs /srv/disk");
        told.push("disk-started");
        bench.assert_told(&told);
        bench.shell("mount -o remount,size=1M /srv/disk && umount /srv/disk");
        told.push("disk-stopped");
        bench.assert_told(&told);
    }
    bench.assert_no_warning();
}
