//! The double.

use charm_machine::{
    Access, Command, CommandError, FileError, Machine, Mode, Output, PackageError, Scratch,
    ScratchPackage, ServiceError, SystemUser,
};

const EXPORTER: &str = "prometheus-node-exporter";

fn scratch(machine: &Machine) -> &Scratch {
    machine.as_scratch().expect("it is a scratch machine")
}

fn with_exporter() -> Machine {
    let machine = Machine::scratch();
    let package = ScratchPackage::new(EXPORTER, "1.5.0-1")
        .service(EXPORTER)
        .file("/etc/default/prometheus-node-exporter", "ARGS=\"\"\n");
    scratch(&machine).provide_package(package);
    machine
}

#[test]
fn plays_the_life_of_a_charm() {
    let machine = with_exporter();
    machine.apt().install([EXPORTER]).unwrap();
    machine.write("/etc/default/prometheus-node-exporter", "ARGS=--collector.wifi\n").unwrap();
    machine.restart(EXPORTER).unwrap();
    assert!(machine.is_active(EXPORTER).unwrap() && machine.is_enabled(EXPORTER).unwrap());
    machine.stop(EXPORTER).unwrap();
    machine.disable(EXPORTER).unwrap();
    machine.apt().purge([EXPORTER]).unwrap();
    assert!(!machine.exists("/etc/default/prometheus-node-exporter").unwrap());
    insta::assert_snapshot!(scratch(&machine).changes().join("\n"), @r"
    updated the lists of packages
    installed package prometheus-node-exporter 1.5.0-1
    enabled prometheus-node-exporter.service
    started prometheus-node-exporter.service
    wrote /etc/default/prometheus-node-exporter
    restarted prometheus-node-exporter.service
    stopped prometheus-node-exporter.service
    disabled prometheus-node-exporter.service
    removed package prometheus-node-exporter
    purged package prometheus-node-exporter
    ");
}

#[test]
fn an_idle_run_changes_nothing() {
    let machine = with_exporter();
    let run = || {
        machine.apt().install([EXPORTER]).unwrap();
        machine.apt().hold([EXPORTER]).unwrap();
        machine.write_with("/etc/x", "x", Mode::new(0o600)).unwrap();
        machine.make_dir("/srv/x").unwrap();
        machine.write_drop_in(EXPORTER, "10-x", "[Service]\n").unwrap();
        machine.enable(EXPORTER).unwrap();
        machine.start(EXPORTER).unwrap();
        machine.add_system_user(&SystemUser::new("x".parse().unwrap())).unwrap();
        machine.add_to_group("x", "ssl-cert").unwrap();
    };
    run();
    let changes = scratch(&machine).changes();
    run();
    assert_eq!(scratch(&machine).changes(), changes);
}

#[test]
fn programs_in_turn_see_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let first = Machine::scratch_at(folder.path()).unwrap();
    scratch(&first).provide_any_package();
    first.apt().install(["nginx"]).unwrap();
    first.write_with("/etc/x", "x", Access::new().owner("www-data:adm".parse().unwrap())).unwrap();
    scratch(&first).fail_next("systemctl stop", Output::failure(1, "no"));
    drop(first);

    let second = Machine::scratch_at(folder.path()).unwrap();
    assert_eq!(second.apt().version("nginx").unwrap().as_deref(), Some("0+scratch"));
    assert!(second.is_active("nginx").unwrap());
    assert_eq!(scratch(&second).owner("/etc/x").unwrap().to_string(), "www-data:adm");
    assert!(second.stop("nginx").is_err());
    second.stop("nginx").unwrap();
    assert_eq!(scratch(&second).changes().last().unwrap(), "stopped nginx.service");
    let changes = std::fs::read_to_string(folder.path().join("changes.txt")).unwrap();
    assert_eq!(changes.lines().last(), Some("stopped nginx.service"));
}

#[test]
fn threads_share_one_machine() {
    let machine = Machine::scratch();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let machine = machine.clone();
            scope.spawn(move || machine.add_system_group(format!("group{n}")).unwrap());
        }
    });
    assert_eq!(scratch(&machine).changes().len(), 8);
    assert!((0..8).all(|n| machine.group(format!("group{n}")).unwrap().is_some()));
}

#[test]
fn the_folder_of_a_double_must_be_absolute() {
    insta::assert_snapshot!(Machine::scratch_at("scratch").unwrap_err(), @"invalid path `scratch`: it must be absolute");
    assert!(matches!(Machine::scratch_at("/dev/null/x"), Err(FileError::Io { .. })));
}

#[test]
fn a_real_machine_is_no_double() {
    assert!(Machine::host().as_scratch().is_none());
}

#[test]
fn files_go_nowhere_else() {
    let machine = Machine::scratch();
    machine.write("/etc/x", "inside").unwrap();
    let root = scratch(&machine).root().to_owned();
    assert_eq!(std::fs::read_to_string(root.join("etc/x")).unwrap(), "inside");
    drop(machine);
    assert!(!root.exists(), "the folder goes with its machine");
}

#[test]
fn changes_of_files_tell_modes_and_owners() {
    let machine = Machine::scratch();
    let access = Access::new().mode(Mode::new(0o640)).owner("root:adm".parse().unwrap());
    machine.write_with("/etc/x", "x", access.clone()).unwrap();
    machine.make_dir_with("/srv/x", Mode::new(0o700)).unwrap();
    machine.make_dir_with("/srv/x", access).unwrap();
    machine.symlink("/etc/y", "/etc/x").unwrap();
    machine.remove("/etc/y").unwrap();
    machine.remove_tree("/srv/x").unwrap();
    insta::assert_snapshot!(scratch(&machine).changes().join("\n"), @r"
    wrote /etc/x, mode 0640, owner root:adm
    made folder /srv/x, mode 0700
    set access of /srv/x, mode 0640, owner root:adm
    linked /etc/y to /etc/x
    removed /etc/y
    removed /srv/x
    ");
    assert_eq!(scratch(&machine).mode("/etc/x"), Some(Mode::new(0o640)));
    assert_eq!(scratch(&machine).mode("/etc/y"), None);
}

#[test]
fn services_behave_as_under_systemd() {
    let machine = Machine::scratch();
    assert!(matches!(machine.start("nginx"), Err(ServiceError::NotFound { .. })));
    assert!(matches!(machine.restart("nginx"), Err(ServiceError::NotFound { .. })));
    machine.stop("nginx").unwrap();
    assert!(matches!(machine.enable("nginx"), Err(ServiceError::NotFound { .. })));
    assert!(!machine.is_active("nginx").unwrap() && !machine.is_enabled("nginx").unwrap());

    scratch(&machine).provide_service("nginx");
    assert!(machine.reload("nginx").is_err(), "it does not run");
    machine.restart("nginx").unwrap();
    machine.reload("nginx").unwrap();
    assert!(machine.enable("nginx").unwrap());
    assert!(machine.mask("nginx").unwrap());
    assert!(matches!(machine.restart("nginx"), Err(ServiceError::Masked { .. })));
    assert!(matches!(machine.enable("nginx"), Err(ServiceError::Masked { .. })));
    assert!(machine.is_active("nginx").unwrap(), "masking does not stop");
    let state = scratch(&machine).services()["nginx.service"];
    assert!(state.active && state.enabled && state.masked);
    machine.stop("nginx").unwrap();
    assert!(machine.unmask("nginx").unwrap());
    machine.start("nginx").unwrap();
    assert!(machine.disable("nginx").unwrap());
}

#[test]
fn unit_files_decide_what_a_service_can_do() {
    let machine = Machine::scratch();
    assert!(machine.write_unit("worker@", "[Service]\nExecStart=/bin/true\n").unwrap());
    machine.start("worker@1").unwrap();
    assert!(machine.start("worker@").is_err(), "a template has no instance");
    assert!(machine.reload("worker@1").is_err(), "it has no ExecReload");
    assert!(machine.enable("worker@1").is_ok());
    assert!(!machine.is_enabled("worker@1").unwrap(), "it has no [Install]");
    assert!(machine.mask("worker@").is_err(), "its file is in the way");
    assert!(machine.remove_unit("worker@").unwrap());
    assert!(matches!(machine.start("worker@2"), Err(ServiceError::NotFound { .. })));
    machine.stop("worker@1").unwrap();
}

#[test]
fn a_unit_file_that_was_written_otherwise_is_read_late() {
    let machine = Machine::scratch();
    machine.write("/etc/systemd/system/a.service", "[Service]\n").unwrap();
    machine.write_unit("a", "[Service]\n").unwrap();
    machine.write_unit("a", "[Service]\n").unwrap();
    let commands = scratch(&machine).commands();
    assert_eq!(commands.iter().filter(|line| *line == "systemctl daemon-reload").count(), 1);
}

#[test]
fn packages_behave_as_under_apt() {
    let machine = with_exporter();
    assert!(matches!(machine.apt().install(["nosuch"]), Err(PackageError::NotFound { .. })));
    assert!(machine.apt().hold([EXPORTER]).unwrap(), "known, though not installed");
    assert!(!machine.apt().is_installed(EXPORTER).unwrap());
    assert!(machine.apt().install([EXPORTER]).unwrap());
    assert!(scratch(&machine).packages()[EXPORTER].held);
    assert!(machine.apt().remove([EXPORTER]).is_err(), "it is on hold");
    assert!(machine.apt().unhold([EXPORTER]).unwrap());
    assert!(machine.apt().remove([EXPORTER]).unwrap());
    assert!(!machine.apt().remove([EXPORTER]).unwrap());
    assert!(
        machine.exists("/etc/default/prometheus-node-exporter").unwrap(),
        "configuration stays"
    );
    assert!(matches!(machine.start(EXPORTER), Err(ServiceError::NotFound { .. })));
    assert!(machine.apt().purge([EXPORTER]).unwrap());
    assert!(!machine.apt().purge([EXPORTER]).unwrap());
    assert!(matches!(machine.apt().hold(["nosuch"]), Err(PackageError::NotFound { .. })));
}

#[test]
fn configuration_that_is_there_before_the_package_is_kept() {
    let machine = with_exporter();
    machine.write("/etc/default/prometheus-node-exporter", "mine\n").unwrap();
    machine.apt().install([EXPORTER]).unwrap();
    let text = machine.read("/etc/default/prometheus-node-exporter").unwrap();
    assert_eq!(text.as_deref(), Some("mine\n"));
}

#[test]
fn snaps_behave_as_under_snapd() {
    let machine = Machine::scratch();
    assert!(matches!(machine.snap().install("lxd", "stable"), Err(PackageError::NotFound { .. })));
    scratch(&machine).provide_snap("lxd", "5.21");
    assert!(machine.snap().refresh("lxd", "stable").is_err(), "it is not installed");
    assert!(machine.snap().install_classic("lxd", "stable").unwrap());
    assert!(!machine.snap().install("lxd", "edge").unwrap());
    assert!(!machine.snap().refresh("lxd", "latest/stable").unwrap());
    assert!(machine.snap().refresh("lxd", "edge").unwrap());
    assert!(machine.snap().hold("lxd").unwrap() && !machine.snap().hold("lxd").unwrap());
    let snap = scratch(&machine).snaps()["lxd"].clone();
    assert_eq!(
        (snap.channel.as_str(), snap.classic, snap.held, snap.revision),
        ("latest/edge", true, true, 2)
    );
    assert!(machine.snap().unhold("lxd").unwrap());
    assert_eq!(machine.snap().version("lxd").unwrap().as_deref(), Some("5.21"));
    assert!(machine.snap().remove("lxd").unwrap());
    assert!(!machine.snap().is_installed("lxd").unwrap());
    insta::assert_snapshot!(scratch(&machine).changes().join("\n"), @r"
    installed snap lxd 5.21 from latest/stable
    refreshed snap lxd to latest/edge
    held snap lxd
    released snap lxd
    removed snap lxd
    ");
}

#[test]
fn users_and_groups_are_real_lines_of_its_files() {
    let machine = Machine::scratch();
    assert!(machine.add_system_group("metrics").unwrap());
    assert!(machine.add_system_user(&SystemUser::new("prometheus".parse().unwrap())).unwrap());
    let user = SystemUser::new("loki".parse().unwrap()).group("metrics".parse().unwrap());
    assert!(machine.add_system_user(&user).unwrap());
    assert!(machine.add_to_group("prometheus", "metrics").unwrap());
    insta::assert_snapshot!(machine.read("/etc/group").unwrap().unwrap(), @r"
    root:x:0:
    adm:x:4:
    www-data:x:33:
    ssl-cert:x:110:
    nogroup:x:65534:
    metrics:x:999:prometheus
    prometheus:x:998:
    ");
    let loki = machine.user("loki").unwrap().unwrap();
    assert_eq!((loki.uid, loki.gid), (998, 999));
    insta::assert_snapshot!(scratch(&machine).changes().join("\n"), @r"
    added group metrics
    added user prometheus
    added user loki
    added user prometheus to group metrics
    ");
}

#[test]
fn programs_are_answered_by_the_test() {
    let machine = Machine::scratch();
    assert!(matches!(machine.run(&Command::new("promtool")), Err(CommandError::NotFound { .. })));
    let inner = machine.clone();
    scratch(&machine).on_command("promtool", move |command| {
        assert_eq!(command.input(), b"data");
        // An answer may use the machine itself.
        inner.write("/tmp/seen", command.arguments().join(" ")).unwrap();
        Output::success("SUCCESS\n")
    });
    let command = Command::new("promtool").arg("check").secret_arg("swordfish").stdin("data");
    assert_eq!(machine.run(&command).unwrap().stdout_text(), "SUCCESS");
    assert_eq!(machine.read("/tmp/seen").unwrap().as_deref(), Some("check swordfish"));
    assert_eq!(scratch(&machine).changes(), ["wrote /tmp/seen", "ran promtool check ***"]);
    assert_eq!(scratch(&machine).commands(), ["promtool", "promtool check ***"]);
}

#[test]
fn calls_that_are_not_played_say_so() {
    let machine = Machine::scratch();
    let error = machine.run(&Command::new("systemctl").args(["status", "nginx"])).unwrap_err();
    insta::assert_snapshot!(error, @"`systemctl status nginx` exited with code 64: the scratch machine does not know this call; answer it with `on_command`");
    for line in [
        "apt-get upgrade",
        "apt-mark auto x",
        "dpkg -l",
        "dpkg-query -l",
        "groupadd x",
        "snap find x",
        "useradd x",
        "usermod -L x",
        "snap",
    ] {
        let mut words = line.split(' ');
        let command = Command::new(words.next().unwrap()).args(words);
        let error = machine.run(&command).unwrap_err();
        assert!(error.to_string().contains("does not know this call"), "{line}: {error}");
    }
}

#[test]
fn the_next_call_fails_as_the_test_wants_and_those_after_it_do_not() {
    let machine = with_exporter();
    let words = "E: Failed to fetch http://deb.debian.org/x.deb  404  Not Found\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n";
    machine.apt().update().unwrap();
    scratch(&machine).fail_next("apt-get install", Output::failure(100, words));
    assert!(machine.apt().install([EXPORTER]).unwrap(), "newer lists help");
    let verbs: Vec<_> = scratch(&machine)
        .commands()
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(verbs, ["update", "--show", "install", "update", "install"]);

    scratch(&machine).fail_next("systemctl", Output::failure(1, "Connection timed out"));
    insta::assert_snapshot!(machine.restart(EXPORTER).unwrap_err(), @"`systemctl restart prometheus-node-exporter.service` exited with code 1: Connection timed out");
    machine.restart(EXPORTER).unwrap();
}
