//! A unit's agent: it runs one hook or action after the other.

mod charm_output;
mod context;
mod faults;
mod folders;
mod full_disk;
mod incident;
mod machine_lock;
mod outcome;
mod pending;
mod pending_relations;
mod pending_secrets;
mod printed;
mod process;
mod program;
mod run;
mod run_socket;
mod snapshot;
mod socket;
mod thread;
mod tool_program;
mod variables;
mod watch;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use juju_agent_rpc::ExecService;
use juju_types::{JujuVersion, UnitName};
use tempfile::TempDir;

use crate::in_process::InProcess;
use folders::short_temp_dir;
use run_socket::RunSocket;

pub(crate) use context::{ActionData, HookContext};
pub(crate) use pending::PortConflict;
pub(crate) use pending_relations::Publisher;
pub(crate) use pending_secrets::{Reading, Unreadable};
pub(crate) use run::AgentError;
pub(crate) use run_socket::ExecCall;
pub use tool_program::ToolProgramError;

/// The agents of all units, and the folders they work in.
#[derive(Debug)]
pub(crate) struct Agents {
    /// What the program `juju-exec` calls.
    run_socket: RunSocket,
    root: TempDir,
    /// Found when the first charm needs it: a function needs none.
    tool_program: Option<PathBuf>,
    settings: Settings,
    /// The charms of units that are functions.
    functions: BTreeMap<UnitName, InProcess>,
}

/// What the simulator's user can say about agents.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the folders of agents are made.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) tool_program: Option<PathBuf>,
    /// Further variables of every charm's process; they go over Juju's own.
    pub(crate) charm_variables: Vec<(String, String)>,
    pub(crate) time_limit: Duration,
    pub(crate) linger_limit: Duration,
    /// States of units are not checked.
    pub(crate) takes_any_state: bool,
}

impl Agents {
    /// Makes the folder that all is in.
    pub(crate) fn new(settings: Settings, version: &JujuVersion) -> io::Result<Self> {
        let folder = settings.folder.clone().unwrap_or_else(short_temp_dir);
        let root = tempfile::Builder::new().prefix("juju-").tempdir_in(folder)?;
        let service =
            if version.has_juju_exec() { ExecService::JujuExec } else { ExecService::JujuRun };
        let run_socket = RunSocket::open(&folders::run_socket(root.path()), service)?;
        let functions = BTreeMap::new();
        Ok(Self { run_socket, root, tool_program: None, settings, functions })
    }

    /// Returns the next call of the program `juju-exec` that has come, if any.
    pub(crate) fn next_call(&self) -> Option<ExecCall> {
        self.run_socket.next()
    }

    /// Waits for the next call of the program `juju-exec`.
    pub(crate) fn wait_for_call(&self, limit: Duration) -> Option<ExecCall> {
        self.run_socket.wait(limit)
    }

    /// Finds the program that plays the hook tools.
    pub(crate) fn find_tools(&mut self) -> Result<(), ToolProgramError> {
        if self.tool_program.is_none() {
            let named = self.settings.tool_program.as_deref();
            self.tool_program = Some(tool_program::find(named)?);
        }
        Ok(())
    }

    /// Says what the charm of a unit is, if it is a function.
    pub(crate) fn set_function(&mut self, unit: &UnitName, charm: Option<&InProcess>) {
        match charm {
            Some(charm) => self.functions.insert(unit.clone(), charm.clone()),
            None => self.functions.remove(unit),
        };
    }
}
