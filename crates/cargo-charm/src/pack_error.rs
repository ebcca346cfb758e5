//! Why a charm was not packed.

use std::{io, path::PathBuf};

use juju_types::UnsupportedArchitectureError;
use thiserror::Error;

use crate::{BuildError, PackageFaults, Report};

/// Why a charm was not packed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackError {
    /// The charm is not meant for this architecture.
    #[error(transparent)]
    Architecture(#[from] UnsupportedArchitectureError),
    /// The program was not built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The charm's files have faults.
    #[error("charm `{charm}` has {}", faults(report))]
    Faults {
        /// The name of the charm.
        charm: String,
        /// The faults.
        report: Box<Report>,
    },
    /// The package is there, and Juju would refuse it.
    #[error("Juju would refuse the package")]
    Package(#[source] PackageFaults),
    /// A file of the charm cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The package cannot be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The package.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

fn faults(report: &Report) -> String {
    let count = match report.faults.len() {
        1 => "a fault".to_owned(),
        count => format!("{count} faults"),
    };
    report.faults.iter().fold(count, |text, fault| format!("{text}\n  {fault}"))
}
