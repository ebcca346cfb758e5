//! A job as Prometheus is configured with it.

use std::collections::BTreeMap;
use std::fmt;

use python_json::Value;
use serde::{Serialize, Serializer};

use crate::check::check_settings;
use crate::check::consumer::Consumer;
use crate::job_defect::JobDefect;
use crate::needs::Needs;
use crate::place::Place;
use crate::prometheus_version::PrometheusVersion;

/// A job as Prometheus is configured with it: an item of [`scrape_configs`].
/// It is serialised as one mapping.
///
/// ```
/// use prometheus_manual_interface::{PrometheusVersion, ScrapeConfig};
///
/// let settings = python_json::from_str(r#"{"scrape_interval": "15"}"#)?;
/// let job = ScrapeConfig::new("node", settings);
/// let defect = job.check(PrometheusVersion::new(2, 42, 0)).unwrap_err();
/// assert_eq!(defect.to_string(), "`scrape_interval`: `15` is no duration, such as `15s` or `1m30s`");
/// # Ok::<(), python_json::DeserializeError>(())
/// ```
///
/// [`scrape_configs`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
#[derive(Clone, PartialEq)]
pub struct ScrapeConfig {
    job_name: String,
    /// Without `job_name`.
    settings: BTreeMap<String, Value>,
}

impl ScrapeConfig {
    /// How many bytes a job may have.
    pub(crate) const LARGEST: usize = 1 << 20;

    /// Makes a job of its name, which no other job may have, and its other
    /// settings. A name among these does not count.
    pub fn new(job_name: impl Into<String>, mut settings: BTreeMap<String, Value>) -> Self {
        settings.remove("job_name");
        Self { job_name: job_name.into(), settings }
    }

    /// Returns the name of the job.
    pub fn job_name(&self) -> &str {
        &self.job_name
    }

    /// Returns all other settings.
    pub fn settings(&self) -> &BTreeMap<String, Value> {
        &self.settings
    }

    /// Checks whether Prometheus of that version takes the job.
    ///
    /// What is accepted here, Prometheus loads; versions before 2.42 are taken
    /// for 2.42. A configuration with one bad job is refused whole, so the check
    /// errs on the strict side. It supposes that jobs are scraped once a minute
    /// if they do not say otherwise, as Prometheus does; a
    /// [`JobSet`](crate::JobSet) can be told what its configuration says.
    ///
    /// It does not look at files, at the names of other jobs, or at what
    /// relabelling makes of a target by a regular expression: Prometheus leaves
    /// a target out that relabelling has spoilt, and loads the job.
    ///
    /// It takes time and memory in proportion to the job, and never more than
    /// for 1 MiB, so that a job from a stranger can be given to it.
    ///
    /// # Errors
    ///
    /// Returns the first defect, in the order of the settings.
    pub fn check(&self, version: PrometheusVersion) -> Result<(), JobDefect> {
        let scrape_interval = Consumer::DEFAULT_INTERVAL;
        self.check_for(Consumer::Known { version, scrape_interval }).map(drop)
    }

    /// Checks whether this Prometheus takes the job, and returns what it needs.
    pub(crate) fn check_for(&self, consumer: Consumer) -> Result<Needs, JobDefect> {
        if self.job_name.is_empty() {
            return Err(JobDefect::new("job_name", "it must not be empty"));
        }
        let mut needs = check_settings(&self.settings, consumer)?;
        needs.size += self.job_name.len();
        if needs.size > Self::LARGEST {
            return Err(Place::Job.defect(TOO_LARGE));
        }
        Ok(needs)
    }
}

/// What is said of a job that is larger than it may be.
pub(crate) const TOO_LARGE: &str = "it is larger than 1 MiB";

impl Serialize for ScrapeConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = ("job_name", Setting::Name(&self.job_name));
        let others = self.settings.iter().map(|(key, value)| (key.as_str(), Setting::Value(value)));
        serializer.collect_map(std::iter::once(name).chain(others))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Setting<'a> {
    Name(&'a str),
    Value(&'a Value),
}

impl fmt::Debug for ScrapeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The settings may have passwords among them.
        f.debug_struct("ScrapeConfig").field("job_name", &self.job_name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_mapping_and_shows_its_name_only() {
        let settings = [("bearer_token", "hidden"), ("job_name", "other")];
        let settings = settings.map(|(key, text)| (key.to_owned(), Value::String(text.to_owned())));
        let config = ScrapeConfig::new("node", settings.into());
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(text, r#"{"job_name":"node","bearer_token":"hidden"}"#);
        assert_eq!(format!("{config:?}"), r#"ScrapeConfig { job_name: "node", .. }"#);
    }

    #[test]
    fn needs_a_name() {
        let nameless = ScrapeConfig::new("", BTreeMap::new());
        let defect = nameless.check(PrometheusVersion::new(2, 42, 0)).unwrap_err();
        insta::assert_snapshot!(defect, @"`job_name`: it must not be empty");
    }
}
