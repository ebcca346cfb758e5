//! What a machine shall be like.

use std::{path::PathBuf, time::Duration};

use crate::{BootError, ThrowawayMachine, disk::Disk};

/// What a machine shall be like, before it boots.
#[derive(Clone, Debug)]
#[must_use = "nothing boots before `boot`"]
pub struct ThrowawayMachineBuilder {
    host_name: String,
    masked: Vec<String>,
    files: Vec<NewFile>,
    apt_archive: Option<PathBuf>,
    shared_dir: Option<PathBuf>,
    limit: Duration,
}

#[derive(Clone, Debug)]
struct NewFile {
    path: String,
    contents: Vec<u8>,
    mode: u32,
}

impl ThrowawayMachineBuilder {
    pub(crate) fn new() -> Self {
        Self {
            host_name: "throwaway-machine".to_owned(),
            masked: Vec::new(),
            files: Vec::new(),
            apt_archive: None,
            shared_dir: None,
            limit: Duration::from_mins(1),
        }
    }

    /// Calls the machine so, rather than `throwaway-machine`.
    pub fn host_name(mut self, host_name: impl Into<String>) -> Self {
        self.host_name = host_name.into();
        self
    }

    /// Masks units, such as `systemd-logind.service`: nothing can start them.
    pub fn without_units<I>(mut self, units: I) -> Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        self.masked.extend(units.into_iter().map(Into::into));
        self
    }

    /// Adds a file, which is there when systemd starts, and the folders above it.
    /// In `/run` and in `/tmp` it would be hidden, as these begin empty.
    pub fn file(
        mut self,
        path: impl Into<String>,
        contents: impl Into<Vec<u8>>,
        mode: u32,
    ) -> Self {
        self.files.push(NewFile { path: path.into(), contents: contents.into(), mode });
        self
    }

    /// Lets `apt-get` install the packages of a folder, which has a list of them
    /// in a file `Packages`, and no others. Without it, apt knows what it knows on
    /// the host, and cannot fetch it.
    pub fn apt_archive(mut self, folder: impl Into<PathBuf>) -> Self {
        self.apt_archive = Some(folder.into());
        self
    }

    /// Shares this folder of the host, such as that of another machine; otherwise
    /// a new one.
    pub fn shared_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.shared_dir = Some(folder.into());
        self
    }

    /// Lets services whose names begin so, such as `juju-`, see the folder that is
    /// shared. It may lie among temporary files or at somebody's home, which
    /// services need not see.
    pub fn shows_shared_dir_to(self, prefix: &str) -> Self {
        let path = format!("/etc/systemd/system/{prefix}.service.d/shared-dir.conf");
        self.file(path, "[Service]\nPrivateTmp=no\nProtectHome=no\n", 0o644)
    }

    /// Limits how long a boot may take, and each command, to something else than
    /// one minute.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Boots the machine, and waits until it is up.
    ///
    /// A unit that fails does not keep it from that: `systemctl --failed` inside
    /// names it.
    ///
    /// # Errors
    ///
    /// Returns [`BootError::Host`] if this host cannot have such a machine or the
    /// archive of packages is not there, [`BootError::Prepare`] if a file
    /// cannot be made, and [`BootError::NotUp`] if systemd is still at work after
    /// the time limit.
    pub fn boot(self) -> Result<ThrowawayMachine, BootError> {
        let mut disk = Disk::new(&self.host_name, self.apt_archive.as_deref())?;
        if let Some(folder) = &self.shared_dir {
            disk.share(folder)?;
        }
        for NewFile { path, contents, mode } in &self.files {
            disk.write(path, contents, *mode)?;
        }
        for unit in &self.masked {
            disk.mask(unit)?;
        }
        ThrowawayMachine::start(disk, self.limit)
    }
}
