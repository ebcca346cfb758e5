//! A Prometheus, by its HTTP API.

use serde_json::Value;

use crate::site::Site;

/// A Prometheus that listens on a port of the machine.
#[derive(Clone, Copy)]
pub(crate) struct Server {
    port: u16,
}

impl Server {
    pub(crate) fn new(port: u16) -> Self {
        Self { port }
    }

    /// Returns its [targets], if it answers, but for itself.
    ///
    /// [targets]: https://prometheus.io/docs/prometheus/latest/querying/api/#targets
    pub(crate) fn targets(self, site: &Site) -> Option<Targets> {
        let answer = self.get(site, "/api/v1/targets")?;
        let active = answer["data"]["activeTargets"].as_array()?.iter();
        let mut targets: Vec<(String, bool)> = active
            .filter(|target| target["scrapePool"] != "prometheus")
            .map(|target| {
                let url = target["scrapeUrl"].as_str().unwrap_or_default().to_owned();
                (url, target["health"] == "up")
            })
            .collect();
        targets.sort();
        Some(Targets(targets))
    }

    /// Returns the samples of a metric at this moment.
    pub(crate) fn query(self, site: &Site, metric: &str) -> Vec<Value> {
        let answer = self.get(site, &format!("/api/v1/query?query={metric}")).unwrap();
        answer["data"]["result"].as_array().unwrap().clone()
    }

    /// Returns the configuration that it has read.
    pub(crate) fn config(self, site: &Site) -> String {
        let answer = self.get(site, "/api/v1/status/config").unwrap_or_default();
        answer["data"]["yaml"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns when it was started.
    pub(crate) fn starts(self, site: &Site) -> Value {
        self.get(site, "/api/v1/status/runtimeinfo").unwrap()["data"]["startTime"].clone()
    }

    fn get(self, site: &Site, path: &str) -> Option<Value> {
        let page = site.machine.http_get(self.port, path).ok()?;
        serde_json::from_str(&page).ok()
    }
}

/// Targets by their addresses, and whether they are up.
#[derive(Debug)]
pub(crate) struct Targets(Vec<(String, bool)>);

impl Targets {
    pub(crate) fn urls(&self) -> Vec<&str> {
        self.0.iter().map(|(url, _)| url.as_str()).collect()
    }

    pub(crate) fn is_up(&self, url: &str) -> bool {
        self.0.iter().any(|(other, is_up)| other == url && *is_up)
    }
}
