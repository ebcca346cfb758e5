//! What packing has made.

use std::path::PathBuf;

use juju_types::Architecture;

use crate::{Finding, Triple, archive::ArchiveFile};

/// A finished package.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Packed {
    /// The architecture of the machines it is for.
    pub architecture: Architecture,
    /// The files, in their order in the package.
    pub files: Vec<PackedFile>,
    /// Whether the charm's own program has found that it fits the YAML: `false`
    /// if it cannot tell, or is for another architecture.
    pub is_checked: bool,
    /// Whether the file was written: `false` if it was there with these bytes.
    pub is_new: bool,
    /// Where it lies.
    pub path: PathBuf,
    /// The SHA-256 of the package, as 64 hexadecimal digits.
    pub sha256: String,
    /// The size of all files together, in bytes.
    pub size_raw: u64,
    /// The size of the package, in bytes.
    pub size_zipped: u64,
    /// The target that the program was built for.
    pub triple: Triple,
    /// What `juju status` will show as the charm's version.
    pub version: String,
    /// What the author should know about the charm's files.
    pub warnings: Vec<Finding>,
}

/// A file in a finished package.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PackedFile {
    /// The permission bits.
    pub mode: u32,
    /// The name in the package.
    pub name: String,
    /// The size, in bytes.
    pub size: u64,
}

impl From<ArchiveFile> for PackedFile {
    fn from(file: ArchiveFile) -> Self {
        Self { mode: file.mode, size: file.contents.len() as u64, name: file.name }
    }
}
