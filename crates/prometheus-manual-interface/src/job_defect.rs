//! Why a job cannot be used.

use thiserror::Error;

/// Why a job cannot be used; the text is what its producer is answered.
///
/// It never holds what may be secret: of a setting that can hold a credential,
/// only the place and the rule are told.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{path}`: {rule}")]
pub struct JobDefect {
    path: String,
    rule: String,
}

impl JobDefect {
    pub(crate) fn new(path: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { path: path.into(), rule: rule.into() }
    }

    /// Returns where in the job the defect is, such as
    /// `static_configs[0].targets`.
    pub fn path(&self) -> &str {
        &self.path
    }
}
