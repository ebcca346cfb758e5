//! What has not come in time.

use std::time::Duration;

/// What has not come in time.
#[derive(Debug, thiserror::Error)]
#[error("{what}: not within {limit:?}; the journal ends with\n{journal}")]
pub struct WaitError {
    pub(crate) what: String,
    pub(crate) limit: Duration,
    pub(crate) journal: String,
}
