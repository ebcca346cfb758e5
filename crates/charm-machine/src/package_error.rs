//! Why a package could not be installed, held or removed.

use thiserror::Error;

use crate::command_error::CommandError;
use crate::name::ParseNameError;

/// Why a package could not be installed, held or removed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The package manager failed or could not be run.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// Another program holds the package manager's lock; a later try may
    /// succeed.
    #[error("another program uses the package manager: {detail}")]
    Locked {
        /// What the package manager says.
        detail: String,
    },
    /// A name breaks a rule.
    #[error(transparent)]
    Name(#[from] ParseNameError),
    /// No package source offers one of the packages.
    #[error(
        "cannot find `{packages}`: check the name, and whether the package source can be reached; {detail}"
    )]
    NotFound {
        /// The packages that were asked for.
        packages: String,
        /// What the package manager says.
        detail: String,
    },
}
