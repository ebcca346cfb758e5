//! What is wrong with a job.

use thiserror::Error;

/// Why a job cannot be used; the text is what its producer is answered.
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

    /// Returns the place within the job, such as `static_configs[0].targets`.
    pub fn path(&self) -> &str {
        &self.path
    }
}
