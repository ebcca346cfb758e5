//! Small charms, written as shell scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use juju_simulator::{Operation, Simulator, SimulatorBuilder};
use tempfile::TempDir;

/// The folder of a charm.
pub(crate) struct TestCharm {
    folder: TempDir,
}

impl TestCharm {
    /// A charm whose `dispatch` is a script for bash.
    pub(crate) fn new(dispatch: &str) -> Self {
        Self::without_dispatch().program("dispatch", dispatch)
    }

    pub(crate) fn without_dispatch() -> Self {
        let charm = Self { folder: tempfile::tempdir().unwrap() };
        charm
            .file("metadata.yaml", "name: exporter\nsummary: s\ndescription: d\n")
            .file("manifest.yaml", "bases:\n  - name: ubuntu\n    channel: '24.04'\n")
    }

    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn config(self, options: &str) -> Self {
        self.file("config.yaml", &format!("options:\n{options}"))
    }

    pub(crate) fn program(self, name: &str, script: &str) -> Self {
        let charm = self.file(name, &format!("#!/bin/bash\n{script}\n"));
        charm.set_mode(name, 0o755);
        charm
    }

    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A simulator that finds its tool program wherever the tests are built.
pub(crate) fn builder() -> SimulatorBuilder {
    Simulator::builder().tool_program(env!("CARGO_BIN_EXE_juju-sim-tool"))
}

/// Deploys a charm as `exporter` and plays it until nothing is left to do.
pub(crate) fn deployed(charm: &TestCharm) -> Simulator {
    let mut juju = builder().build();
    juju.deploy(charm.path(), "exporter").unwrap();
    juju.run_until_idle().unwrap();
    juju
}

/// Returns the names of all that was run.
pub(crate) fn names(juju: &Simulator) -> Vec<String> {
    juju.operations().iter().map(|operation| operation.kind.to_string()).collect()
}

/// Returns the status of a unit as text.
pub(crate) fn workload(juju: &Simulator, unit: &str) -> String {
    juju.status().unit(unit).unwrap().workload.to_string()
}

/// Returns the last operation.
pub(crate) fn last(juju: &Simulator) -> &Operation {
    juju.operations().last().unwrap()
}
