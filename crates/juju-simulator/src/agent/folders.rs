//! Where things lie on the simulated machines.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use juju_types::{StorageKind, UnitName};

use super::Agents;
use crate::model::{Model, exec_name};
use crate::tool;
use crate::tool_call::shell_word;

/// The longest path that a unix socket can have on Linux, in bytes.
const MAX_SOCKET_PATH: usize = 107;

impl Agents {
    /// Returns the folder that all is in.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// Returns where the charm of a unit lies.
    pub(crate) fn charm_dir(&self, unit: &UnitName) -> PathBuf {
        self.agent_dir(unit).join("charm")
    }

    /// Lays out the folders of a new unit, and links its tools.
    pub(crate) fn add_unit(&self, model: &Model, unit: &UnitName) -> io::Result<()> {
        fs::create_dir_all(self.charm_dir(unit))?;
        fs::create_dir_all(self.tools_dir(unit))?;
        symlink(run_socket(self.root.path()), self.agent_dir(unit).join("run.socket"))?;
        let agents_of_machine = self.machine_dir(model, unit).join("agents");
        fs::create_dir_all(&agents_of_machine)?;
        symlink(self.agent_dir(unit), agents_of_machine.join(unit.tag()))?;
        self.link_tools(model, unit)
    }

    /// Links the tools of a unit that has none yet, if they are known.
    pub(crate) fn link_tools(&self, model: &Model, unit: &UnitName) -> io::Result<()> {
        let Some(program) = &self.tool_program else { return Ok(()) };
        for name in tool::names(&model.version) {
            let link = self.tools_dir(unit).join(name);
            if !link.is_symlink() {
                symlink(program, link)?;
            }
        }
        self.add_exec_program(model, unit, program)
    }

    /// Puts the program `juju-exec` onto the machine of a unit, unless it is
    /// there.
    fn add_exec_program(&self, model: &Model, unit: &UnitName, tool: &Path) -> io::Result<()> {
        let link = self.machine_dir(model, unit).join(exec_name(&model.version));
        if link.is_symlink() {
            return Ok(());
        }
        symlink(tool, &link)?;
        // A program that is found on `PATH` is not told where it lies; one that
        // is started by its whole path is, and so knows its machine.
        let script = format!("#!/bin/sh\nexec {} \"$@\"\n", shell_word(&link.to_string_lossy()));
        let program = self.exec_program(model, unit);
        fs::create_dir_all(program.parent().unwrap_or(self.root.path()))?;
        fs::write(&program, script)?;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))
    }

    /// Returns where the program `juju-exec` of a unit's machine lies.
    pub(crate) fn exec_program(&self, model: &Model, unit: &UnitName) -> PathBuf {
        self.machine_dir(model, unit).join("bin").join(exec_name(&model.version))
    }

    /// Returns the folder of a unit's machine.
    pub(super) fn machine_dir(&self, model: &Model, unit: &UnitName) -> PathBuf {
        let machine = model.unit(unit).machine.as_ref();
        let name = machine.map(|machine| machine.to_string().replace('/', "-"));
        self.root.path().join("machines").join(name.unwrap_or_default())
    }

    /// Returns the folder that the storage of all units is in.
    pub(crate) fn storage_root(&self) -> PathBuf {
        self.root.path().join("storage")
    }

    /// Makes what the storage of a unit consists of: a folder, or a file in
    /// the place of a block device.
    pub(crate) fn make_storage(&self, model: &Model, unit: &UnitName) -> io::Result<()> {
        let root = self.storage_root();
        for storage in model.unit(unit).storage.values() {
            if !storage.location.starts_with(&root) || storage.location.exists() {
                continue;
            }
            if storage.kind == StorageKind::Block {
                fs::create_dir_all(storage.location.parent().unwrap_or(&root))?;
                fs::File::create(&storage.location)?;
            } else {
                fs::create_dir_all(&storage.location)?;
            }
        }
        Ok(())
    }

    /// Removes the folders of a unit.
    pub(crate) fn remove_unit(&self, unit: &UnitName) -> io::Result<()> {
        fs::remove_dir_all(self.agent_dir(unit))?;
        fs::remove_dir_all(self.tools_dir(unit))
    }

    /// Returns where the agent of a unit keeps resources.
    pub(super) fn resources_dir(&self, unit: &UnitName) -> PathBuf {
        self.agent_dir(unit).join("resources")
    }

    /// Returns where the tools of a unit are linked.
    pub(super) fn tools_dir(&self, unit: &UnitName) -> PathBuf {
        self.root.path().join("tools").join(unit.tag())
    }

    /// Returns where a unit's socket lies while one of its operations runs. No
    /// two operations overlap, so a short name will do where the usual one is
    /// too long.
    pub(super) fn socket(&self, unit: &UnitName) -> PathBuf {
        let usual = self.agent_dir(unit).join("agent.socket");
        if usual.as_os_str().len() <= MAX_SOCKET_PATH {
            return usual;
        }
        self.root.path().join("agent.socket")
    }

    fn agent_dir(&self, unit: &UnitName) -> PathBuf {
        self.root.path().join("agents").join(unit.tag())
    }
}

/// Returns where the one socket lies that stands behind the `run.socket` of
/// each agent. It may be one, because each request names its unit.
pub(super) fn run_socket(root: &Path) -> PathBuf {
    root.join("run.socket")
}

/// Returns a folder for temporary folders under which there is room for the
/// path of a socket.
pub(super) fn short_temp_dir() -> PathBuf {
    let usual = std::env::temp_dir();
    if usual.as_os_str().len() <= 40 { usual } else { PathBuf::from("/tmp") }
}
