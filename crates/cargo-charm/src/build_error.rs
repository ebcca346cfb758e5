//! Why a charm's program was not built.

use std::{io, path::PathBuf};

use juju_types::Architecture;
use thiserror::Error;

use crate::{MissingPiece, ProgramError};

/// Why a charm's program was not built, or was built and is of no use.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Cargo ran and failed, most likely because the program does not compile.
    #[error("cannot build `{package}`")]
    Failed {
        /// The package of the charm.
        package: String,
        /// What cargo printed.
        source: CargoOutput,
    },
    /// Something that the build needs is not installed.
    #[error("cannot build without {piece}; to install it, {install}")]
    Missing {
        /// What is missing.
        piece: MissingPiece,
        /// The command that installs it.
        install: String,
    },
    /// The program would need files of the machine that it runs on.
    #[error(
        "`{path}` is linked dynamically; a charm must be static: look for a build script \
         or a `RUSTFLAGS` that asks for a dynamic library"
    )]
    NotStatic {
        /// The program.
        path: PathBuf,
    },
    /// The program is for another architecture than the one asked for.
    #[error("`{path}` is not a program for {expected}")]
    OtherArchitecture {
        /// The program.
        path: PathBuf,
        /// The architecture that was asked for.
        expected: Architecture,
    },
    /// Cargo or rustc could not be started.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// This machine is of a kind that Juju does not know.
    #[error(
        "cannot tell what to build for: Juju does not run on `{host}`; \
         name a target, such as `amd64`"
    )]
    UnknownHost {
        /// What rustc calls this machine.
        host: String,
    },
    /// The program that cargo built cannot be read.
    #[error("cannot read the program `{path}`")]
    Unreadable {
        /// The program.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
}

/// The standard error of a cargo that failed.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct CargoOutput(pub(crate) String);
