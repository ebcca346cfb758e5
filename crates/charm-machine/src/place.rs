//! What files, folders and links have in common: from a path of the machine to
//! what the operating system knows.

use std::fs::Metadata;
use std::io;
use std::path::{Component, Path, PathBuf};

use rustix::fs::OFlags;

use crate::file_error::{FileError, On};
use crate::machine::{FileChange, Ids, Last, Machine};
use crate::owner::Owner;

impl Machine {
    /// Checks a path and returns where the operating system finds it.
    pub(crate) fn place(&self, on: On<'_>, last: Last) -> Result<PathBuf, FileError> {
        let reject = |rule| Err(FileError::InvalidPath { path: on.path.to_owned(), rule });
        if !on.path.is_absolute() {
            return reject("it must be absolute");
        }
        if on.path.components().any(|part| part == Component::ParentDir) {
            return reject("it must not contain `..`");
        }
        self.locate(on.path, last).map_err(|e| on.failed(e))
    }

    /// Looks at what is in a place, a link itself included.
    pub(crate) fn metadata(&self, on: On<'_>) -> Result<Option<(PathBuf, Metadata)>, FileError> {
        let place = self.place(on, Last::Itself)?;
        match place.symlink_metadata() {
            Ok(metadata) => Ok(Some((place, metadata))),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(on.failed(error)),
        }
    }

    /// Looks an owner up, by name.
    pub(crate) fn ids_of(&self, on: On<'_>, owner: &Owner) -> Result<Ids, FileError> {
        let unknown = |kind, name: &str| FileError::UnknownAccount {
            kind,
            name: name.to_owned(),
            path: on.path.to_owned(),
        };
        let user =
            self.find_user(owner.user())?.ok_or_else(|| unknown("user", owner.user().as_str()))?;
        let group = self
            .find_group(owner.group())?
            .ok_or_else(|| unknown("group", owner.group().as_str()))?;
        Ok(Ids { user: user.uid, group: group.gid })
    }

    /// Tells a double of a change, and the caller that there was one.
    pub(crate) fn note(&self, on: On<'_>, change: FileChange) -> Result<bool, FileError> {
        self.record(on.path, change).map_err(|e| on.failed(e))?;
        Ok(true)
    }
}

/// Whether there is nothing, neither at the path nor, where a file stands in
/// the way, below it.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::NotFound)
}

/// Names of files that are not finished: hidden, and of no suffix that a
/// program would pick up from its `conf.d`.
pub(crate) fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".charm-machine-");
    builder
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

pub(crate) fn flag_bits(flags: OFlags) -> i32 {
    i32::try_from(flags.bits()).expect("the flags used here are small")
}

pub(crate) fn kind(metadata: &Metadata) -> &'static str {
    let kind = metadata.file_type();
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a link"
    } else if kind.is_file() {
        "a file"
    } else {
        "a device, pipe or socket"
    }
}
