//! Both sides of the `prometheus-manual` interface of Juju charms: one charm
//! hands raw scrape jobs, with certificates, to another that runs Prometheus.
//!
//! ```
//! use prometheus_manual_interface::JobRequest;
//! use python_json::Value;
//!
//! let data: Value = r#"{"static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#.parse()?;
//! let request = JobRequest::new("node", data);
//! assert_eq!(request.job_name, "node");
//! # Ok::<(), python_json::ParseValueError>(())
//! ```
//!
//! # Crate features
//!
//! - `reactive` (default): the endpoints of both sides on `reactive-endpoints`,
//!   and the writer of Prometheus's files. Without it, the crate is types and
//!   pure functions.

mod databag;
mod job_id;
mod job_request;
mod job_response;
mod malformed_setting;
mod prometheus_version;
mod shortened;

pub use databag::Databag;
pub use job_id::{JobId, ParseJobIdError};
pub use job_request::JobRequest;
pub use job_response::JobResponse;
pub use malformed_setting::MalformedSetting;
pub use prometheus_version::{ParsePrometheusVersionError, PrometheusVersion};
