//! Durations within a job.

use crate::prometheus_duration::PrometheusDuration;

pub(crate) fn check(text: &str) -> Result<(), String> {
    parse(text).map(drop)
}

/// Of the settings that must not be 0.
pub(crate) fn check_positive(text: &str) -> Result<(), String> {
    if parse(text)?.is_zero() { Err("it must not be 0".to_owned()) } else { Ok(()) }
}

fn parse(text: &str) -> Result<PrometheusDuration, String> {
    text.parse::<PrometheusDuration>().map_err(|error| error.to_string())
}
