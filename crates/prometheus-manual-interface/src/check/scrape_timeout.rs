//! Intervals and timeouts of scrapes.

use python_json::Value;

use crate::check::consumer::Consumer;
use crate::check::settings::{Settings, list, text};
use crate::job_defect::JobDefect;
use crate::place::Place;
use crate::prometheus_duration::PrometheusDuration;

/// The timeout of Prometheus's own `global` section if that names none. Neither
/// there nor in a job is it longer than the interval.
const DEFAULT_TIMEOUT: PrometheusDuration = PrometheusDuration::from_secs(10);

/// Checks that no scrape may take longer than its interval, neither of the job
/// nor of static targets whose labels have other ones.
pub(crate) fn is_within_the_interval(
    job: &Settings,
    consumer: Consumer,
    place: &Place<'_>,
) -> Result<(), JobDefect> {
    // Whoever only asks for a job does not know what it gets if it names none.
    let global = match consumer {
        Consumer::Unknown => None,
        Consumer::Known { scrape_interval, .. } => Some(scrape_interval),
    };
    let interval = duration(job, "scrape_interval").or(global);
    let default = || Some(DEFAULT_TIMEOUT.min(global?).min(interval?));
    let timeout = duration(job, "scrape_timeout").or_else(default);
    if let (Some(timeout), Some(interval)) = (timeout, interval)
        && timeout > interval
    {
        let rule = format!("it must not be longer than the interval, which is `{interval}`");
        return Err(place.key("scrape_timeout").defect(rule));
    }
    let place = place.key("static_configs");
    for (index, config) in list(job, "static_configs").iter().enumerate() {
        let Value::Object(config) = config else { continue };
        let Some(Value::Object(labels)) = config.get("labels") else { continue };
        let interval = duration(labels, "__scrape_interval__").or(interval);
        let timeout = duration(labels, "__scrape_timeout__").or(timeout);
        if let (Some(timeout), Some(interval)) = (timeout, interval)
            && timeout > interval
        {
            let rule = "the timeout of these targets must not be longer than their interval";
            return Err(place.item(index).key("labels").defect(rule));
        }
    }
    Ok(())
}

/// Returns a duration that is set, which it is not if it is 0.
fn duration(settings: &Settings, name: &str) -> Option<PrometheusDuration> {
    let text = settings.get(name).and_then(text)?;
    text.parse().ok().filter(|duration: &PrometheusDuration| !duration.is_zero())
}
