//! The real Prometheus, by its HTTP API.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context;
use serde_json::Value;
use throwaway_machine::ThrowawayMachine;

const PORT: u16 = 9090;

/// How long targets may take to be up.
const LIMIT: Duration = Duration::from_mins(1);

/// A target that Prometheus scrapes.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) job: String,
    pub(super) url: String,
    pub(super) health: String,
    /// How long the last scrape has taken, in seconds.
    pub(super) seconds: f64,
}

/// Waits until these are the targets of Prometheus besides itself, none of
/// another URL is left, and all are up; and returns them.
pub(super) fn targets(machine: &ThrowawayMachine, urls: &[String]) -> anyhow::Result<Vec<Target>> {
    let expected: BTreeMap<_, _> = urls.iter().map(|url| (url.clone(), true)).collect();
    let (mut targets, mut scraped, mut sampled) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let are_up = machine.wait_until("the targets are up", LIMIT, || {
        targets = get_targets(machine).unwrap_or_default();
        scraped = targets.iter().map(|it| (it.url.clone(), it.health == "up")).collect();
        // The charm asks for these, which come and go a moment later.
        sampled = get_samples(machine, &targets).unwrap_or_default();
        scraped == expected && sampled == expected
    });
    are_up.with_context(|| {
        format!(
            "Prometheus should scrape {}; its targets are {}, its last samples are of {}",
            list(&expected),
            list(&scraped),
            list(&sampled)
        )
    })?;
    Ok(targets)
}

/// Writes URLs down, and whether they are up.
fn list(urls: &BTreeMap<String, bool>) -> String {
    let state = |is_up| if is_up { "up" } else { "not up" };
    let urls = urls.iter().map(|(url, is_up)| format!("`{url}` ({})", state(*is_up)));
    urls.reduce(|list, url| list + ", " + &url).unwrap_or_else(|| "none".to_owned())
}

fn get_targets(machine: &ThrowawayMachine) -> anyhow::Result<Vec<Target>> {
    let answer = get(machine, "/api/v1/targets")?;
    let active = answer["data"]["activeTargets"].as_array().context("there are targets")?;
    let mut targets = Vec::new();
    for target in active.iter().filter(|target| target["scrapePool"] != "prometheus") {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        targets.push(Target {
            job: text(&target["scrapePool"]),
            url: text(&target["scrapeUrl"]),
            health: text(&target["health"]),
            seconds: target["lastScrapeDuration"].as_f64().unwrap_or_default(),
        });
    }
    targets.sort_by(|one, other| one.job.cmp(&other.job));
    Ok(targets)
}

/// Returns the URLs of which the jobs of these targets have samples, and whether
/// the last one says that it is up. (Of a job that is gone there are samples for
/// minutes.)
fn get_samples(
    machine: &ThrowawayMachine,
    targets: &[Target],
) -> anyhow::Result<BTreeMap<String, bool>> {
    let answer = get(machine, "/api/v1/query?query=up")?;
    let samples = answer["data"]["result"].as_array().context("there are samples")?.iter();
    let is_of_them =
        |sample: &&Value| targets.iter().any(|target| sample["metric"]["job"] == *target.job);
    let samples = samples.filter(is_of_them).map(|sample| {
        let instance = sample["metric"]["instance"].as_str().unwrap_or_default();
        (format!("http://{instance}/metrics"), sample["value"][1] == "1")
    });
    Ok(samples.collect())
}

fn get(machine: &ThrowawayMachine, path: &str) -> anyhow::Result<Value> {
    let page = machine.http_get(PORT, path)?;
    serde_json::from_str(&page).with_context(|| format!("cannot read `{path}` of Prometheus"))
}
