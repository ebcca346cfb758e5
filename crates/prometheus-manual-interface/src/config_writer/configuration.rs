//! A configuration of Prometheus.

use std::collections::{BTreeMap, BTreeSet};

use python_json::Value;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::job_set::JobSet;
use crate::scrape_config::ScrapeConfig;

/// A configuration of Prometheus, as it is serialised: a base with jobs added
/// to its `scrape_configs`.
pub(crate) struct Configuration<'a> {
    pub(crate) base: &'a BTreeMap<String, Value>,
    pub(crate) jobs: &'a JobSet,
}

pub(crate) const SCRAPE_CONFIGS: &str = "scrape_configs";

impl Configuration<'_> {
    /// Returns the name that a job of the base and another one have, if there is
    /// one: Prometheus would refuse all.
    pub(crate) fn repeated_name(&self) -> Option<&str> {
        let Some(Value::Array(own)) = self.base.get(SCRAPE_CONFIGS) else { return None };
        let names = own.iter().filter_map(|job| match job {
            Value::Object(job) => match job.get("job_name") {
                Some(Value::String(name)) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        });
        let names: BTreeSet<&str> = names.collect();
        self.jobs.jobs().map(ScrapeConfig::job_name).find(|name| names.contains(name))
    }
}

impl Serialize for Configuration<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.base.iter().filter(|(key, _)| *key != SCRAPE_CONFIGS) {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry(SCRAPE_CONFIGS, &ScrapeConfigs(self))?;
        map.end()
    }
}

struct ScrapeConfigs<'a>(&'a Configuration<'a>);

impl Serialize for ScrapeConfigs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Configuration { base, jobs } = self.0;
        let mut list = serializer.serialize_seq(None)?;
        if let Some(Value::Array(own)) = base.get(SCRAPE_CONFIGS) {
            own.iter().try_for_each(|job| list.serialize_element(job))?;
        }
        jobs.jobs().try_for_each(|job| list.serialize_element(job))?;
        list.end()
    }
}
