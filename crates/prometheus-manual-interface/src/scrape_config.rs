//! A job as Prometheus is configured with it.

use std::collections::BTreeMap;
use std::fmt;

use python_json::Value;
use serde::{Serialize, Serializer};

use crate::check::check;
use crate::job_defect::JobDefect;
use crate::prometheus_version::PrometheusVersion;

/// A job as Prometheus is configured with it: an item of [`scrape_configs`].
/// It is serialised as one mapping.
///
/// [`scrape_configs`]: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ScrapeConfig {
    /// The name of the job, which no other job may have.
    pub job_name: String,
    /// All other settings.
    pub settings: BTreeMap<String, Value>,
}

impl ScrapeConfig {
    /// Checks whether Prometheus of that version takes the job, as
    /// [`check_scrape_config`](crate::check_scrape_config) does.
    ///
    /// # Errors
    ///
    /// Returns the first defect, in the order of the settings.
    pub fn check(&self, version: PrometheusVersion) -> Result<(), JobDefect> {
        let mut settings = self.settings.clone();
        settings.insert("job_name".to_owned(), Value::String(self.job_name.clone()));
        check(&settings, version)
    }
}

impl Serialize for ScrapeConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = ("job_name", Setting::Name(&self.job_name));
        let others = self.settings.iter().filter(|(key, _)| *key != "job_name");
        let others = others.map(|(key, value)| (key.as_str(), Setting::Value(value)));
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
        let config = ScrapeConfig { job_name: "node".to_owned(), settings: settings.into() };
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(text, r#"{"job_name":"node","bearer_token":"hidden"}"#);
        assert_eq!(format!("{config:?}"), r#"ScrapeConfig { job_name: "node", .. }"#);
    }
}
