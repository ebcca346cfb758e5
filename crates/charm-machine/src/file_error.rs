//! Why a file or folder could not be read or changed.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::place::folder_of;

/// Why a file or folder could not be read or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The path breaks a rule of this crate.
    #[error("invalid path `{}`: {rule}", path.display())]
    InvalidPath {
        /// The path.
        path: PathBuf,
        /// The rule.
        rule: &'static str,
    },
    /// The operating system refuses.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The folder for a new file does not exist.
    #[error("cannot {action} `{}`: the folder `{}` does not exist; make it first with `make_dir`", path.display(), folder.display())]
    NoFolder {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The path of the file.
        path: PathBuf,
        /// The folder that is missing.
        folder: PathBuf,
    },
    /// The contents are no text.
    #[error("cannot read `{}` as text: it is not UTF-8; use `read_bytes`", path.display())]
    NotUtf8 {
        /// The path.
        path: PathBuf,
    },
    /// Something of another kind is in the place.
    #[error("cannot {action} `{}`: {found} is there", path.display())]
    Occupied {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// What is there, such as `a folder`.
        found: &'static str,
    },
    /// The folder is too important to be removed with all that is in it.
    #[error("cannot remove `{}`: it is the root or directly below it; name the folders in it", path.display())]
    Protected {
        /// The path.
        path: PathBuf,
    },
    /// The machine does not know the user or the group that a file should have.
    #[error("cannot give `{}` to the {kind} `{name}`: the machine has none of that name; add it first", path.display())]
    UnknownAccount {
        /// `user` or `group`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The path of the file.
        path: PathBuf,
    },
}

/// What is being done to which path, for errors.
#[derive(Clone, Copy)]
pub(crate) struct On<'a> {
    pub(crate) action: &'static str,
    pub(crate) path: &'a Path,
}

impl On<'_> {
    pub(crate) fn failed(self, source: io::Error) -> FileError {
        FileError::Io { action: self.action, path: self.path.to_owned(), source }
    }

    pub(crate) fn occupied(self, found: &'static str) -> FileError {
        FileError::Occupied { action: self.action, path: self.path.to_owned(), found }
    }

    /// Explains why nothing could be made in the folder of the path.
    pub(crate) fn not_made(self, source: io::Error) -> FileError {
        if source.kind() == io::ErrorKind::NotFound {
            let folder = folder_of(self.path).to_owned();
            return FileError::NoFolder { action: self.action, path: self.path.to_owned(), folder };
        }
        self.failed(source)
    }
}
