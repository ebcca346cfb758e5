//! Where on the machine the parts of the notices of one unit lie.

use std::path::{Path, PathBuf};

use juju_types::UnitName;

/// Where on the machine the parts of the notices of one unit lie.
///
/// All names hold the name of the unit, so units never touch each other's.
#[derive(Clone, Debug)]
pub(crate) struct NoticesPaths {
    root: PathBuf,
    unit: String,
}

impl NoticesPaths {
    /// Finds the parts for `unit` on the machine with the root folder `root`.
    pub(crate) fn new(root: &Path, unit: &UnitName) -> Self {
        let unit = format!("{}-{}", unit.application(), unit.number());
        Self { root: root.to_owned(), unit }
    }

    /// Returns the name of the daemon's own systemd unit, which is that of
    /// the daemon of the Python library.
    pub(crate) fn service(&self) -> String {
        format!("juju-{}-systemd-notices.service", self.unit)
    }

    /// Returns the path of the daemon's unit file.
    pub(crate) fn unit_file(&self) -> PathBuf {
        self.root.join("etc/systemd/system").join(self.service())
    }

    /// Returns the daemon's state folder, relative to `/var/lib`.
    ///
    /// It is neither the charm's folder nor the agent's, since both are
    /// Juju's: it may replace or remove what is in them at any time.
    pub(crate) fn state_directory(&self) -> String {
        format!("{STATE}/{}", self.unit)
    }

    /// Returns the path of the daemon's state folder.
    pub(crate) fn state_folder(&self) -> PathBuf {
        self.root.join("var/lib").join(self.state_directory())
    }

    /// Returns the path of the list of the units that are watched.
    pub(crate) fn watch_list(&self) -> PathBuf {
        self.state_folder().join("services")
    }

    /// Returns the path of the mark of the setup that the daemon runs with.
    pub(crate) fn mark(&self) -> PathBuf {
        self.state_folder().join("applied")
    }

    /// Returns the path of the link by which the machine starts the daemon.
    pub(crate) fn wants_link(&self) -> PathBuf {
        self.root.join("etc/systemd/system/multi-user.target.wants").join(self.service())
    }
}

/// The folder of the state folders of all units, below `/var/lib`.
const STATE: &str = "juju-systemd-notices";
