//! A system user to add.

use std::path::{Path, PathBuf};

use crate::account_name::AccountName;

/// A system user to add: who runs a service.
///
/// It is in a group of its own name, owns no folder (`/nonexistent`) and
/// cannot log in (`/usr/sbin/nologin`), unless told otherwise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SystemUser {
    pub(crate) name: AccountName,
    pub(crate) group: Option<AccountName>,
    pub(crate) home: PathBuf,
    pub(crate) shell: PathBuf,
}

impl SystemUser {
    /// Describes a user of this name.
    pub fn new(name: AccountName) -> Self {
        Self { name, group: None, home: "/nonexistent".into(), shell: "/usr/sbin/nologin".into() }
    }

    /// Puts the user into a group that exists, instead of one of its own name.
    #[must_use]
    pub fn group(self, group: AccountName) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Names the home folder; it is not made.
    #[must_use]
    pub fn home(self, home: impl AsRef<Path>) -> Self {
        Self { home: home.as_ref().to_owned(), ..self }
    }

    /// Names the program that a login starts.
    #[must_use]
    pub fn shell(self, shell: impl AsRef<Path>) -> Self {
        Self { shell: shell.as_ref().to_owned(), ..self }
    }
}
