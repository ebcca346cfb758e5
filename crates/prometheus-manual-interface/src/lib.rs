//! Both sides of the `prometheus-manual` interface of Juju charms: one charm
//! hands raw scrape jobs, with certificates, to another that runs Prometheus.
//!
//! ```
//! use prometheus_manual_interface::{Job, JobFiles, JobNaming, JobRequest};
//!
//! // The charm with the targets publishes a setting.
//! let request = Job::new("node").target("10.0.0.5:9100").build()?;
//! let (key, text) = request.to_setting(&"ab8da742-e73c-4996-9563-c7887fcef153".parse()?)?;
//!
//! // The charm with Prometheus makes a job of each.
//! for (id, request) in JobRequest::read_all(&[(key, text)].into()).by_id {
//!     let name = JobNaming::OfUnit.name(&request.job_name, &id, "exporter/0");
//!     let config = request.render(&name, &JobFiles::default())?;
//!     assert_eq!(
//!         python_json::to_string(&config)?,
//!         r#"{"job_name": "exporter-0-node", "static_configs": [{"targets": ["10.0.0.5:9100"]}]}"#
//!     );
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Overview
//!
//! What becomes of a job, from the left to the right and back:
//!
//! ```text
//! the charm with the targets  | the relation   | the charm with Prometheus
//!                             |                |
//! Job                         |                |
//!  | build: the first check   |                |
//!  v                          |                |
//! JobRequest                  |                |
//!  | PrometheusManualProvides |                | PrometheusManualRequires
//!  +--------------------------|- request_ID ---|-> ReceivedJob
//!                             |                |    | JobSet::add: its name, its files,
//!                             |                |    v   the check for this version
//!                             |                |   JobSet of ScrapeConfig, CertificateFile
//!                             |                |    | ConfigWriter::stage
//!                             |                |    v
//!                             |                |   Staged: promtool check config
//!                             |                |    | commit: Prometheus reads it
//! ReceivedJobResponse         |                |    v
//!  <--------------------------|- response_ID --|- ReceivedJob::accept or refuse
//! ```
//!
//! Without endpoints, `JobRequest::read_all`, `JobRequest::to_setting` and their
//! likes of `JobResponse` are the way to the relation and back, in any framework.
//!
#![cfg_attr(feature = "reactive", doc = include_str!("../docs/endpoints.md"))]
//! # Crate features
//!
//! - `reactive` (default): the endpoints of both sides on `reactive-endpoints`,
//!   and the writer of Prometheus's files. Without it, the crate is types and
//!   pure functions.

#[cfg(feature = "reactive")]
#[doc = include_str!("../docs/coming-from-the-python-layer.md")]
pub mod coming_from_the_python_layer {}
pub mod compat;

mod certificate_file;
mod certificate_kind;
mod check;
#[cfg(feature = "reactive")]
mod config_writer;
mod databag;
#[cfg(feature = "reactive")]
mod endpoints;
#[cfg(test)]
#[path = "../tests/fake_pem/mod.rs"]
mod fake_pem;
mod file_fields;
mod job;
mod job_defect;
mod job_files;
mod job_id;
mod job_naming;
mod job_request;
mod job_response;
mod job_set;
mod job_settings;
mod malformed_setting;
mod needs;
mod pem;
mod place;
mod prometheus_duration;
mod prometheus_version;
mod relabel;
mod render;
mod scheme;
mod scrape_config;
mod scrape_settings;
mod shortened;
mod target_group;
mod tls;

pub use certificate_file::CertificateFile;
pub use certificate_kind::CertificateKind;
#[cfg(feature = "reactive")]
pub use config_writer::{ConfigWriter, staged::Staged, trial::Trial, write_error::WriteError};
pub use databag::Databag;
#[cfg(feature = "reactive")]
pub use endpoints::{
    job_error::JobError,
    job_scope::{JobScope, LeaderOnly, PerUnit},
    prometheus_manual_provides::PrometheusManualProvides,
    prometheus_manual_requires::PrometheusManualRequires,
    received_job::ReceivedJob,
    received_job_response::ReceivedJobResponse,
};
pub use job::Job;
pub use job_defect::JobDefect;
pub use job_files::{JobFiles, LocalFiles};
pub use job_id::{JobId, ParseJobIdError};
pub use job_naming::JobNaming;
pub use job_request::JobRequest;
pub use job_response::JobResponse;
pub use job_set::JobSet;
pub use malformed_setting::MalformedSetting;
pub use pem::PemError;
pub use prometheus_duration::{ParsePrometheusDurationError, PrometheusDuration};
pub use prometheus_version::{ParsePrometheusVersionError, PrometheusVersion};
pub use relabel::Relabel;
pub use scheme::Scheme;
pub use scrape_config::ScrapeConfig;
pub use target_group::TargetGroup;
pub use tls::Tls;
