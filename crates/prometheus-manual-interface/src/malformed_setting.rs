//! A setting that cannot be read.

use thiserror::Error;

use crate::job_id::JobId;
use crate::shortened::shortened;

/// A request or a response that cannot be read; the message says why, and never
/// what is in it, which may be a secret.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("cannot read the setting `{}`: {defect}", shortened(key))]
pub struct MalformedSetting {
    key: String,
    id: Option<JobId>,
    defect: SettingDefect,
}

impl MalformedSetting {
    pub(crate) fn new(key: &str, id: Option<JobId>, defect: SettingDefect) -> Self {
        Self { key: key.to_owned(), id, defect }
    }

    /// Returns the key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the id, if it has a valid one of its own. A request that has one
    /// can be responded to.
    pub fn id(&self) -> Option<&JobId> {
        self.id.as_ref()
    }
}

/// What is wrong with a setting.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub(crate) enum SettingDefect {
    #[error("`{0}` is not what it should be")]
    Field(String),
    #[error("it has no valid id")]
    Id,
    #[error("another one has the same `request_id`")]
    IdTaken,
    #[error("`{0}` is missing")]
    Missing(String),
    #[error("it is not an object")]
    NotAnObject,
    #[error("it is not JSON")]
    NotJson,
}
