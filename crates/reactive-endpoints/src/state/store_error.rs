//! Why the state of a unit cannot be read or written.

use std::error::Error;
use std::path::PathBuf;

use thiserror::Error;

/// Why the state of a unit cannot be read or written. The file is left as it is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is no database, or a damaged one.
    #[error(
        "the state in `{}` is damaged: put back a copy of it, or move it away to begin without \
         flags and stored data",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another process holds the file.
    #[error(
        "the state in `{}` is locked by another process: end it, then `juju resolve` the unit",
        path.display()
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file was written by a newer version of this crate.
    #[error(
        "the state in `{}` has the form {found}, and this charm knows only those up to {known}: \
         `juju refresh` to a newer revision of the charm",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The number of its form.
        found: u32,
        /// The highest number that is known.
        known: u32,
    },
    /// The file cannot be written.
    #[error(
        "the state in `{}` is read-only: let root write the file and its folder",
        path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The disk is full.
    #[error("no space is left for the state in `{}`: make room on its disk", path.display())]
    Full {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Something else has gone wrong.
    #[error("cannot use the state in `{}`", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What the database or the operating system says.
        source: Box<dyn Error + Send + Sync>,
    },
}
