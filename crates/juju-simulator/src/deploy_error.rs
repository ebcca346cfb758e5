use std::io;

use juju_types::ParseApplicationNameError;
use thiserror::Error;

use crate::agent::ToolProgramError;
use crate::charm_error::CharmError;

/// Why a charm is not deployed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The charm itself is at fault.
    #[error(transparent)]
    Charm(CharmError),
    /// The name is taken.
    #[error("cannot add application \"{application}\": application already exists")]
    Exists {
        /// The name.
        application: String,
    },
    /// The folders of the model or of a unit cannot be made.
    #[error("cannot make the folders of the simulated machine")]
    Folder(#[source] io::Error),
    /// The name is none.
    #[error(transparent)]
    Name(ParseApplicationNameError),
    /// There is no such application to be refreshed.
    #[error("application \"{application}\" not found")]
    NoApplication {
        /// The name.
        application: String,
    },
    /// The charm is no subordinate, and so does not wait for a principal.
    #[error("application \"{application}\" is not a subordinate: deploy it by itself")]
    NotSubordinate {
        /// The name.
        application: String,
    },
    /// The charm is a subordinate: its units come with those of another
    /// application, when the two are integrated.
    #[error("application \"{application}\" is a subordinate: its units come with a relation")]
    Subordinate {
        /// The name.
        application: String,
    },
    /// The program that plays the hook tools is not there.
    #[error(transparent)]
    ToolProgram(ToolProgramError),
}
