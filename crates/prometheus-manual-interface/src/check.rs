//! Whether Prometheus would take a job.

mod bytes;
pub(crate) mod consumer;
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
pub(crate) mod scrape_config;
mod scrape_timeout;
mod service_discovery;
mod settings;
mod static_config;
mod target_address;
mod url;

use crate::check::consumer::Consumer;
use crate::check::inspector::Inspector;
use crate::check::scrape_config::SCRAPE_CONFIG;
use crate::check::scrape_timeout::is_within_the_interval;
use crate::check::settings::Settings;
use crate::job_defect::JobDefect;
use crate::needs::Needs;
use crate::place::Place;

/// Checks the settings of a job, and returns what they need.
///
/// The walk takes time and memory in proportion to the settings, and gives up
/// when they are larger than a job may be.
pub(crate) fn check_settings(settings: &Settings, consumer: Consumer) -> Result<Needs, JobDefect> {
    let inspector = Inspector::new(consumer);
    inspector.section(settings, &SCRAPE_CONFIG, &Place::Job)?;
    is_within_the_interval(settings, consumer, &Place::Job)?;
    Ok(inspector.needs())
}

#[cfg(test)]
mod tests;
