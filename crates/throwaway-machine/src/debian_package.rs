//! A Debian package that a machine has, though nobody has installed it.

use std::path::{Path, PathBuf};

use crate::BootError;

/// A Debian package that a machine has, though nobody has installed it.
///
/// Its files are copied to the root of the machine, which costs memory. Of what
/// its maintainer's scripts would do, only the users are made; its services are
/// neither enabled nor started, and `dpkg` knows nothing of it.
///
/// ```no_run
/// use throwaway_machine::{DebianPackage, ThrowawayMachine};
///
/// # fn main() -> Result<(), throwaway_machine::BootError> {
/// let prometheus = DebianPackage::unpacked("target/debian-packages/prometheus")
///     .system_user("prometheus", "/var/lib/prometheus");
/// let machine = ThrowawayMachine::builder().package(&prometheus).boot()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DebianPackage {
    root: PathBuf,
    users: Vec<SystemUser>,
}

/// A user that a package's scripts would make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SystemUser {
    pub(crate) name: String,
    pub(crate) home: String,
}

impl DebianPackage {
    /// Takes the folder that a package was unpacked in.
    pub fn unpacked(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), users: Vec::new() }
    }

    /// Adds a system user with a group of the same name, to whom everything in
    /// the home belongs. A user that is there already stays as it is.
    #[must_use]
    pub fn system_user(mut self, name: impl Into<String>, home: impl Into<String>) -> Self {
        self.users.push(SystemUser { name: name.into(), home: home.into() });
        self
    }

    pub(crate) fn users(&self) -> &[SystemUser] {
        &self.users
    }

    /// Returns the folder, if it is one.
    pub(crate) fn root(&self) -> Result<&Path, BootError> {
        let cannot_read = format!("read the package `{}`", self.root.display());
        self.root.read_dir().map_err(BootError::io(cannot_read))?;
        Ok(&self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_is_not_there_is_named() {
        let error = DebianPackage::unpacked("/no/package").root().unwrap_err();
        insta::assert_snapshot!(error, @"cannot read the package `/no/package`");
    }
}
