//! What is asked for: a scrape job.

use std::collections::BTreeMap;
use std::fmt;

use python_json::Value;
use serde::{Deserialize, Serialize};

/// A request for a scrape job, as it is on the wire.
///
/// Fields that other producers send beside these are kept in
/// [`other`](Self::other), and are written again.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobRequest {
    /// The certificate of the authority to check the targets with, as PEM.
    #[serde(default)]
    pub ca_cert: Option<String>,
    /// The certificate to show to the targets, as PEM.
    #[serde(default)]
    pub client_cert: Option<String>,
    /// The key of that certificate, as PEM.
    #[serde(default)]
    pub client_key: Option<String>,
    /// The settings of the job, as in a [`scrape_config`].
    ///
    /// [`scrape_config`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    #[serde(default)]
    pub job_data: Value,
    /// The name that the job should have.
    #[serde(default)]
    pub job_name: String,
    /// What else was sent.
    #[serde(flatten)]
    pub other: BTreeMap<String, Value>,
}

impl JobRequest {
    /// Makes a request without certificates.
    pub fn new(job_name: impl Into<String>, job_data: Value) -> Self {
        Self {
            ca_cert: None,
            client_cert: None,
            client_key: None,
            job_data,
            job_name: job_name.into(),
            other: BTreeMap::new(),
        }
    }
}

impl fmt::Debug for JobRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All else may be secret.
        f.debug_struct("JobRequest").field("job_name", &self.job_name).finish_non_exhaustive()
    }
}
