//! How a job was taken.

use serde::{Deserialize, Serialize};

/// The response to a [`JobRequest`](crate::JobRequest): whether the job is
/// used, and if not, why.
///
/// ```
/// use prometheus_manual_interface::JobResponse;
///
/// let refused = JobResponse::refused("scrape_interval: `15` is no duration");
/// assert!(!refused.success);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobResponse {
    /// Why the job is not used; or a remark, if it is.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether the job is used.
    pub success: bool,
}

impl JobResponse {
    /// Says that the job is used.
    pub fn accepted() -> Self {
        Self { reason: None, success: true }
    }

    /// Says that the job is not used, and why.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), success: false }
    }
}
