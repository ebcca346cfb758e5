//! Why a user or group could not be found or added.

use thiserror::Error;

use crate::account_name::AccountName;
use crate::command_error::CommandError;
use crate::file_error::FileError;
use crate::name::ParseNameError;

/// Why a user or group could not be found or added.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UserError {
    /// A program of the machine refused or could not be run.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The list of users or groups could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A name breaks a rule.
    #[error(transparent)]
    Name(#[from] ParseNameError),
    /// There is no such group.
    #[error("the machine has no group `{group}`; add it first with `add_system_group`")]
    NoGroup {
        /// The group.
        group: AccountName,
    },
    /// There is no such user.
    #[error("the machine has no user `{user}`; add it first with `add_system_user`")]
    NoUser {
        /// The user.
        user: AccountName,
    },
}
