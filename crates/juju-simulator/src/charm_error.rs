use std::io;
use std::path::PathBuf;

use juju_types::{CharmFaults, CharmName, ConfigType};
use thiserror::Error;

/// Why a charm cannot be deployed. Where Juju refuses it, the words are Juju's.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CharmError {
    /// A symbolic link does not start from its own folder.
    #[error("symlink \"{}\" is absolute", path.display())]
    AbsoluteSymlink {
        /// The link, within the charm.
        path: PathBuf,
    },
    /// A symbolic link points to outside of the charm.
    #[error("symlink \"{}\" leads out of scope", path.display())]
    EscapingSymlink {
        /// The link, within the charm.
        path: PathBuf,
    },
    /// The charm's YAML files break rules.
    #[error("the charm's files have faults:\n{0}")]
    Faults(CharmFaults),
    /// This Juju does not know the type of a config option.
    #[error("invalid config: option \"{option}\" has unknown type \"{kind}\"")]
    ConfigType {
        /// The option.
        option: String,
        /// Its type.
        kind: ConfigType,
    },
    /// There is something else than a file, a folder or a symbolic link.
    #[error("\"{}\": unknown file type", path.display())]
    FileType {
        /// What it is, within the charm.
        path: PathBuf,
    },
    /// Juju 4 wants to know which bases the charm runs on.
    #[error("charm metadata without bases in manifest not valid")]
    NoBases,
    /// There is nothing to run.
    #[error("invalid charm \"{charm}\": has no hooks nor dispatch file")]
    NoHooks {
        /// The charm.
        charm: CharmName,
    },
    /// There is no `metadata.yaml`.
    #[error(
        "\"{}\" has no file metadata.yaml: a charm is deployed as it was packed, not from its \
         source", path.display()
    )]
    NoMetadata {
        /// The charm.
        path: PathBuf,
    },
    /// A YAML file is no text.
    #[error("the file {file} of the charm is not UTF-8")]
    NoText {
        /// The file, within the charm.
        file: String,
    },
    /// There is no such file, or it is out of reach.
    #[error("invalid charm or bundle provided at \"{}\"", path.display())]
    Open {
        /// What should be the charm.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A part of the charm cannot be read.
    #[error("cannot read \"{}\"", path.display())]
    Read {
        /// The part.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is not a zip.
    #[error("invalid charm or bundle provided at \"{}\"", path.display())]
    Zip {
        /// What should be the charm.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
