//! Machines that are entered by a command.

use std::path::PathBuf;
use std::process::Command;

use juju_simulator::{Deployment, Exit, Fault, Simulator, SimulatorError};

use crate::charm::{TestCharm, builder, last, workload};

/// The charm says where it is.
const WHERE: &str = "status-set active \"$(uname -n) $(pwd -P) $(id -u)\"";

/// A command that makes a machine of its own of some namespaces, and a name for
/// it.
fn namespaces(name: &str) -> Vec<String> {
    let script = format!("hostname {name} && exec \"$@\"");
    let words = ["unshare", "--uts", "--map-root-user", "--fork", "sh", "-c", &script, "sh"];
    words.map(str::to_owned).to_vec()
}

/// A model with one machine that is entered by a command, and a unit on it.
fn model(charm: &TestCharm, command: Vec<String>) -> Simulator {
    let mut juju = builder().build();
    let machine = juju.add_machine("ubuntu@24.04").unwrap().to_string();
    juju.enter_machine(&machine, command).unwrap();
    juju.deploy_with(Deployment::new(charm.path(), "exporter").to(&machine)).unwrap();
    juju.run_until_idle().unwrap();
    juju
}

#[test]
fn a_charm_runs_on_the_machine_of_its_unit() {
    let mut juju = model(&TestCharm::new(WHERE), namespaces("elsewhere"));
    let folder = juju.charm_dir("exporter/0").unwrap().canonicalize().unwrap();
    let expected = format!("active: elsewhere {} 0", folder.display());
    assert_eq!(workload(&juju, "exporter/0"), expected);

    // What is run by `juju-exec` is there, too.
    let outcome = juju.exec("exporter/0", "uname -n").unwrap();
    assert_eq!(outcome.stdout, b"elsewhere\n");

    // Other machines are this one.
    juju.add_unit("exporter").unwrap();
    juju.run_until_idle().unwrap();
    let here = Command::new("uname").arg("-n").output().unwrap().stdout;
    let here = String::from_utf8(here).unwrap();
    assert!(workload(&juju, "exporter/1").starts_with(&format!("active: {} ", here.trim())));
}

#[test]
fn a_charm_that_is_killed_there_is_gone() {
    let charm = TestCharm::new("status-set active one; status-set active two; sleep 100");
    let mut juju = builder().build();
    let machine = juju.add_machine("ubuntu@24.04").unwrap().to_string();
    juju.enter_machine(&machine, namespaces("elsewhere")).unwrap();
    juju.deploy_with(Deployment::new(charm.path(), "exporter").to(&machine)).unwrap();
    juju.inject("exporter/0", Fault::KillAfterCall(2)).unwrap();
    juju.run_next().unwrap();
    let operation = last(&juju);
    assert_eq!((&operation.exit, operation.calls.len()), (&Exit::Signal(9), 2));
}

#[test]
fn a_command_that_is_not_there_fails_the_hook() {
    let juju = model(&TestCharm::new("exit 0"), vec!["/no/such/command".to_owned()]);
    assert!(last(&juju).exit.to_string().contains("no such file or directory"));
}

#[test]
fn the_disk_of_such_a_machine_cannot_be_filled() {
    let mut juju = model(&TestCharm::new("exit 0"), namespaces("elsewhere"));
    juju.inject("exporter/0", Fault::FullDisk).unwrap();
    let error = juju.update_status("exporter/0").unwrap_err();
    let error =
        std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    assert!(error.contains("a machine that is entered by a command has its own disk"), "{error}");
}

#[test]
fn a_machine_that_is_not_there_cannot_be_entered() {
    let error = builder().build().enter_machine("7", ["env"]).unwrap_err();
    assert!(matches!(error, SimulatorError::NoMachine { machine } if machine == "7"));
}

#[test]
fn the_folders_lie_where_they_are_wanted_and_go_with_the_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let mut juju = builder().folder(folder.path()).build();
    juju.deploy(TestCharm::new("exit 0").path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    let charm: PathBuf = juju.charm_dir("exporter/0").unwrap();
    assert!(charm.starts_with(folder.path()) && charm.is_dir());
    drop(juju);
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
