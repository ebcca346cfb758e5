//! Intervals and timeouts of scrapes.

use python_json::Value;

use crate::JobDefect;
use crate::check::duration;
use crate::check::settings::{Settings, list, text};
use crate::place::Place;

/// The interval of Prometheus's own `global` section if that names none, in
/// milliseconds.
const DEFAULT_INTERVAL: u64 = 60_000;

/// The timeout, likewise; it is never longer than the interval.
const DEFAULT_TIMEOUT: u64 = 10_000;

/// Checks that no scrape may take longer than its interval, neither of the job
/// nor of static targets whose labels have other ones.
pub(crate) fn is_within_the_interval(job: &Settings, place: &Place<'_>) -> Result<(), JobDefect> {
    let interval = milliseconds(job, "scrape_interval").unwrap_or(DEFAULT_INTERVAL);
    let default = DEFAULT_TIMEOUT.min(interval);
    let timeout = milliseconds(job, "scrape_timeout").unwrap_or(default);
    if timeout > interval {
        let rule = "it must not be longer than `scrape_interval`, which is `1m` unless it is set";
        return Err(place.key("scrape_timeout").defect(rule));
    }
    let place = place.key("static_configs");
    for (index, config) in list(job, "static_configs").iter().enumerate() {
        let Value::Object(config) = config else { continue };
        let Some(Value::Object(labels)) = config.get("labels") else { continue };
        let interval = milliseconds(labels, "__scrape_interval__").unwrap_or(interval);
        let timeout = milliseconds(labels, "__scrape_timeout__").unwrap_or(timeout);
        if timeout > interval {
            let rule = "the timeout of these targets must not be longer than their interval";
            return Err(place.item(index).key("labels").defect(rule));
        }
    }
    Ok(())
}

/// Returns a duration that is set, which it is not if it is 0.
fn milliseconds(settings: &Settings, name: &str) -> Option<u64> {
    let value = settings.get(name).and_then(text)?;
    duration::parse(&value).filter(|milliseconds| *milliseconds > 0)
}
