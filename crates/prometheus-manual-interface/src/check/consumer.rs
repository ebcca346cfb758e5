//! The Prometheus that is to use a job.

use crate::prometheus_duration::PrometheusDuration;
use crate::prometheus_version::PrometheusVersion;

/// What is known of the Prometheus that is to use a job.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Consumer {
    /// Nothing: the job is only asked for. It may contain what any version
    /// knows, and placeholders for files.
    Unknown,
    Known {
        version: PrometheusVersion,
        /// The interval of jobs that name none.
        scrape_interval: PrometheusDuration,
    },
}

impl Consumer {
    /// The interval of jobs that name none, if Prometheus's configuration has no
    /// other.
    pub(crate) const DEFAULT_INTERVAL: PrometheusDuration = PrometheusDuration::from_secs(60);
}
