use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use crate::charm_error::CharmError;

/// What the agent takes away from the modes of files.
const UMASK: u32 = 0o022;

/// A file, folder or symbolic link of a charm.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Relative, and made of names only.
    pub(super) path: PathBuf,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    File { bytes: Vec<u8>, mode: u32 },
    Folder { mode: u32 },
    Symlink { target: PathBuf },
}

impl Entry {
    /// Writes it below a folder that exists.
    pub(super) fn unpack(&self, folder: &Path) -> io::Result<()> {
        let path = folder.join(&self.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match &self.content {
            Content::Folder { mode } => {
                fs::create_dir_all(&path)?;
                fs::set_permissions(&path, fs::Permissions::from_mode(mode & !UMASK))
            }
            Content::File { bytes, mode } => {
                // Not written in place: the old file may be running.
                remove_if_there(&path)?;
                fs::write(&path, bytes)?;
                let executable = if self.is_hook() { 0o100 } else { 0 };
                fs::set_permissions(&path, fs::Permissions::from_mode(mode & !UMASK | executable))
            }
            Content::Symlink { target } => {
                remove_if_there(&path)?;
                symlink(target, &path)
            }
        }
    }

    /// Tells whether this is one of the files that the agent makes executable
    /// in any case: never `dispatch`.
    fn is_hook(&self) -> bool {
        const NAMES: [&str; 16] = [
            "collect-metrics",
            "config-changed",
            "install",
            "leader-deposed",
            "leader-elected",
            "leader-settings-changed",
            "meter-status-changed",
            "remove",
            "secret-changed",
            "secret-expired",
            "secret-remove",
            "secret-rotate",
            "start",
            "stop",
            "update-status",
            "upgrade-charm",
        ];
        const ENDINGS: [&str; 9] = [
            "-pebble-ready",
            "-relation-broken",
            "-relation-changed",
            "-relation-created",
            "-relation-departed",
            "-relation-joined",
            "-series-upgrade",
            "-storage-attached",
            "-storage-detaching",
        ];
        let is_in_hooks = self.path.parent() == Some(Path::new("hooks"));
        let name = self.path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        is_in_hooks
            && (NAMES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending)))
    }
}

/// Checks that a symbolic link stays inside of the charm.
pub(super) fn check_symlink(path: &Path, target: &Path) -> Result<(), CharmError> {
    if target.is_absolute() {
        return Err(CharmError::AbsoluteSymlink { path: path.to_owned() });
    }
    let mut depth = path.components().count() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth == 0 => {
                return Err(CharmError::EscapingSymlink { path: path.to_owned() });
            }
            Component::ParentDir => depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
