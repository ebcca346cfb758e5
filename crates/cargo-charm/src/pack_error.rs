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
    /// The charm's own program was to compare itself with the YAML, and did not
    /// come to the end of it.
    #[error("`{program} check-charm` failed: {why}", program = program.display())]
    SelfCheck {
        /// The program.
        program: PathBuf,
        /// What it said.
        why: String,
        /// What the operating system says, if it was not even started.
        source: Option<io::Error>,
    },
    /// What the program handles is not what the charm's YAML has.
    #[error("charm `{charm}` does not fit its YAML:\n  {}", faults.join("\n  "))]
    Unfit {
        /// The name of the charm.
        charm: String,
        /// What is in one of them, and not in the other, each in one line.
        faults: Vec<String>,
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
