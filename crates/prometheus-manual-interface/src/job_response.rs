//! How a job was taken.

use std::collections::BTreeMap;

use python_json::Value;
use serde::{Deserialize, Serialize};

use crate::databag::Databag;
use crate::job_id::JobId;

/// The response to a [`JobRequest`](crate::JobRequest): whether the job is
/// used, and if not, why.
///
/// ```
/// use prometheus_manual_interface::JobResponse;
///
/// let refused = JobResponse::refused("`scrape_interval`: it must be a duration");
/// let (key, text) = refused.to_setting(&"prod_exporter".parse()?);
/// assert_eq!(key, "response_prod_exporter");
/// assert_eq!(text, r#"{"reason": "`scrape_interval`: it must be a duration", "success": false}"#);
/// # Ok::<(), prometheus_manual_interface::ParseJobIdError>(())
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

    /// Reads all responses that a unit has published in a relation. A setting
    /// that is `null` is none.
    pub fn read_all(settings: &BTreeMap<String, String>) -> Databag<Self> {
        Databag::read(settings, JobId::RESPONSE_PREFIX, None)
    }

    /// Returns the key and the text of the setting to publish.
    pub fn to_setting(&self, id: &JobId) -> (String, String) {
        let reason = self.reason.clone().map_or(Value::Null, Value::String);
        let fields = [("reason", reason), ("success", Value::Bool(self.success))];
        let fields = fields.map(|(field, value)| (field.to_owned(), value));
        (id.response_key(), Value::Object(fields.into()).to_string())
    }
}
