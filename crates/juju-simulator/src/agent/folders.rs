//! Where things lie on the simulated machines.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use juju_types::{StorageKind, UnitName};

use super::Agents;
use crate::model::Model;
use crate::tool;

/// The longest path that a unix socket can have on Linux, in bytes.
const MAX_SOCKET_PATH: usize = 107;

impl Agents {
    /// Returns where the charm of a unit lies.
    pub(crate) fn charm_dir(&self, unit: &UnitName) -> PathBuf {
        self.agent_dir(unit).join("charm")
    }

    /// Lays out the folders of a new unit, and links its tools.
    pub(crate) fn add_unit(&self, model: &Model, unit: &UnitName) -> io::Result<()> {
        fs::create_dir_all(self.charm_dir(unit))?;
        fs::create_dir_all(self.tools_dir(unit))?;
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
        Ok(())
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

/// Returns a folder for temporary folders under which there is room for the
/// path of a socket.
pub(super) fn short_temp_dir() -> PathBuf {
    let usual = std::env::temp_dir();
    if usual.as_os_str().len() <= 40 { usual } else { PathBuf::from("/tmp") }
}
