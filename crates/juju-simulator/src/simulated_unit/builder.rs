use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use juju_types::{CharmFiles, JujuVersion};
use serde_json::Value;

use super::{SimulatedUnit, UnitError};
use crate::builder::SimulatorBuilder;
use crate::charm_error::CharmError;
use crate::charm_package::CharmPackage;
use crate::deploy_error::DeployError;
use crate::in_process::InProcess;
use crate::status_text::StatusText;
use crate::unit_state::{RelationState, SecretState, StorageState, UnitState};

/// Says what a [`SimulatedUnit`] is like before its first event, and at last
/// what its charm is.
///
/// [`Simulator::unit`](crate::Simulator::unit) begins with a unit that is
/// installed and started and, as the only one of its application, its leader.
///
/// # Panics
///
/// The methods panic, at the caller's line, if a name or an id that they are
/// given is none, and the last one if the state is one that Juju could not
/// produce. [`try_charm`](Self::try_charm) and
/// [`try_package`](Self::try_package) return that as an error.
#[derive(Clone, Debug)]
#[must_use]
pub struct SimulatedUnitBuilder {
    state: UnitState,
    files: Files,
    simulator: SimulatorBuilder,
}

/// Where the charm's YAML files come from.
#[derive(Clone, Debug)]
enum Files {
    Folder(Option<PathBuf>),
    Given(Box<CharmFiles>),
}

impl SimulatedUnitBuilder {
    pub(crate) fn new(state: UnitState, simulator: SimulatorBuilder) -> Self {
        Self { state, files: Files::Folder(None), simulator }
    }

    /// Takes over a whole state, with its unit.
    pub fn state(self, state: UnitState) -> Self {
        Self { state, ..self }
    }

    /// Lets another unit be the leader.
    pub fn without_leadership(self) -> Self {
        self.with(UnitState::without_leadership)
    }

    /// Sets a config option. All others have their defaults.
    pub fn config(self, option: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(|state| state.with_config(option, value))
    }

    /// Adds a relation.
    pub fn relation(self, relation: RelationState) -> Self {
        self.with(|state| state.with_relation(relation))
    }

    /// Adds a secret.
    pub fn secret(self, secret: SecretState) -> Self {
        self.with(|state| state.with_secret(secret))
    }

    /// Adds a storage instance.
    pub fn storage(self, storage: StorageState) -> Self {
        self.with(|state| state.with_storage(storage))
    }

    /// Adds the content of a resource.
    pub fn resource(self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.with(|state| state.with_resource(name, content))
    }

    /// Opens a range of ports.
    #[track_caller]
    pub fn open_ports(self, range: &str) -> Self {
        Self { state: self.state.with_open_ports(range), ..self }
    }

    /// Sets the status of the unit.
    pub fn status(self, status: impl Into<StatusText>) -> Self {
        self.with(|state| state.with_status(status))
    }

    /// Adds an entry to the state that the charm keeps with Juju.
    pub fn charm_state(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(|state| state.with_charm_state(key, value))
    }

    /// Adds another unit of the application, with its status.
    #[track_caller]
    pub fn other_unit(self, unit: &str, status: impl Into<StatusText>) -> Self {
        Self { state: self.state.with_other_unit(unit, status), ..self }
    }

    /// Sets the address of the unit.
    pub fn address(self, address: impl Into<String>) -> Self {
        self.with(|state| state.with_address(address))
    }

    /// Plays this version of Juju; otherwise 3.6.28.
    pub fn juju_version(self, version: JujuVersion) -> Self {
        Self { simulator: self.simulator.juju_version(version), ..self }
    }

    /// Says how to play the model. What was said so far of how to play it is
    /// lost.
    pub fn simulator(self, simulator: SimulatorBuilder) -> Self {
        Self { simulator, ..self }
    }

    /// Reads the charm's YAML files in a folder, in the place of the crate's
    /// own.
    pub fn charm_folder(self, folder: impl Into<PathBuf>) -> Self {
        Self { files: Files::Folder(Some(folder.into())), ..self }
    }

    /// Gives the texts of the charm's YAML files.
    pub fn charm_files(self, files: CharmFiles) -> Self {
        Self { files: Files::Given(Box::new(files)), ..self }
    }

    /// Runs a function of this process as the charm: once for each event, in a
    /// thread, with the variables that a program would find in its environment.
    /// It talks to the agent by the socket named in them, and what it returns
    /// is its exit code. (`reactive_endpoints::Charm::run_in` does all this, and
    /// so does `juju_hook_env::run_with`.)
    ///
    /// The charm's YAML files are those of the crate that is tested, in whose
    /// folder cargo says that it is (`CARGO_MANIFEST_DIR`), unless
    /// [`charm_folder`](Self::charm_folder) or
    /// [`charm_files`](Self::charm_files) says otherwise.
    #[track_caller]
    pub fn charm<C: Into<ExitCode>>(
        self,
        run: impl Fn(BTreeMap<String, String>) -> C + Send + Sync + 'static,
    ) -> SimulatedUnit {
        match self.try_charm(run) {
            Ok(unit) => unit,
            Err(error) => error.panic(),
        }
    }

    /// Does what [`charm`](Self::charm) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::NoFiles`] if nobody says where the charm's YAML files are.
    /// - [`UnitError::Deploy`] if they cannot be read, or have faults.
    /// - [`UnitError::Refused`] if Juju could not produce the state.
    pub fn try_charm<C: Into<ExitCode>>(
        self,
        run: impl Fn(BTreeMap<String, String>) -> C + Send + Sync + 'static,
    ) -> Result<SimulatedUnit, UnitError> {
        let files = match &self.files {
            Files::Given(files) => (**files).clone(),
            Files::Folder(Some(folder)) => read_files(folder)?,
            Files::Folder(None) => {
                let folder = std::env::var_os("CARGO_MANIFEST_DIR").ok_or(UnitError::NoFiles)?;
                read_files(Path::new(&folder))?
            }
        };
        let package = CharmPackage::in_process(&files, InProcess::new(run));
        self.build(package.map_err(unreadable)?)
    }

    /// Runs a packed charm, or a folder that looks like one unpacked, as a
    /// program in any language. It needs the
    /// [tool program](crate#the-tool-program).
    #[track_caller]
    pub fn package(self, charm: impl AsRef<Path>) -> SimulatedUnit {
        match self.try_package(charm) {
            Ok(unit) => unit,
            Err(error) => error.panic(),
        }
    }

    /// Does what [`package`](Self::package) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::Deploy`] if the charm cannot be deployed.
    /// - [`UnitError::Refused`] if Juju could not produce the state.
    pub fn try_package(self, charm: impl AsRef<Path>) -> Result<SimulatedUnit, UnitError> {
        let package = CharmPackage::read(charm.as_ref(), self.simulator.version());
        self.build(package.map_err(unreadable)?)
    }

    fn build(self, package: CharmPackage) -> Result<SimulatedUnit, UnitError> {
        let charm = Arc::clone(&package.charm);
        let mut juju = self.simulator.build();
        let name = juju.restore_package(package, &self.state).map_err(|error| match error {
            DeployError::State(faults) => UnitError::Refused(faults),
            error => UnitError::Deploy(error),
        })?;
        Ok(SimulatedUnit { juju, name, charm })
    }

    fn with(self, say: impl FnOnce(UnitState) -> UnitState) -> Self {
        Self { state: say(self.state), ..self }
    }
}

fn read_files(folder: &Path) -> Result<CharmFiles, UnitError> {
    CharmFiles::read(|name| match fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unreadable(CharmError::Read { path: folder.join(name), source })),
    })
}

fn unreadable(error: CharmError) -> UnitError {
    UnitError::Deploy(DeployError::Charm(error))
}
