//! Whether Prometheus would take a job.

mod bytes;
mod duration;
mod http_client;
mod http_headers;
mod inspector;
mod kubernetes_selector;
mod label;
mod regex;
mod relabel;
mod rule;
mod schema;
mod scrape_config;
mod scrape_timeout;
mod service_discovery;
mod settings;
mod static_config;
mod url;

use std::collections::BTreeMap;

use python_json::Value;

use crate::check::inspector::Inspector;
use crate::check::scrape_config::SCRAPE_CONFIG;
use crate::place::Place;
use crate::{JobDefect, PrometheusVersion};

/// Checks one entry of `scrape_configs`, with its `job_name`.
///
/// What is accepted here, Prometheus of that version loads; versions before
/// 2.42 are taken for 2.42. A configuration with one bad job is refused whole,
/// so the check errs on the strict side. It does not look at files, at the
/// names of other jobs, or at what relabelling makes of a target: Prometheus
/// leaves a target out that relabelling has spoilt, and loads the job.
///
/// It takes time and memory in proportion to the job, and never more than for
/// 1 MiB, so that a job from a stranger can be given to it.
///
/// ```
/// use prometheus_manual_interface::{PrometheusVersion, check_scrape_config};
///
/// let job = python_json::from_str(r#"{"job_name": "node", "scrape_interval": "15"}"#)?;
/// let defect = check_scrape_config(&job, PrometheusVersion::new(2, 42, 0)).unwrap_err();
/// assert_eq!(defect.to_string(), "`scrape_interval`: `15` is no duration, such as `15s` or `1m30s`");
/// # Ok::<(), python_json::DeserializeError>(())
/// ```
///
/// # Errors
///
/// Returns the first defect, in the order of the keys.
pub fn check(
    settings: &BTreeMap<String, Value>,
    version: PrometheusVersion,
) -> Result<(), JobDefect> {
    Inspector::new(version).section(settings, &SCRAPE_CONFIG, &Place::Job)
}

#[cfg(test)]
mod tests;
