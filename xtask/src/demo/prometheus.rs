//! The real Prometheus, by its HTTP API.

use std::{
    io::{Read, Write},
    time::Duration,
};

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

/// Waits until Prometheus has so many targets besides itself and all are up, and
/// returns them.
pub(super) fn targets(machine: &ThrowawayMachine, count: usize) -> anyhow::Result<Vec<Target>> {
    let mut found = Vec::new();
    machine.wait_until(&format!("{count} targets are up"), LIMIT, || {
        found = get_targets(machine).unwrap_or_default();
        found.len() == count && found.iter().all(|target| target.health == "up")
    })?;
    Ok(found)
}

/// Waits until Prometheus has a sample of each target, and none of what was a
/// target of the same job before.
pub(super) fn wait_for_samples(
    machine: &ThrowawayMachine,
    targets: &[Target],
) -> anyhow::Result<()> {
    machine.wait_until("former targets are forgotten", LIMIT, || {
        let answer = get(machine, "/api/v1/query?query=up").unwrap_or_default();
        let samples = answer["data"]["result"].as_array().into_iter().flatten();
        let is_one_of_them =
            |sample: &&Value| targets.iter().any(|target| sample["metric"]["job"] == *target.job);
        samples.filter(is_one_of_them).count() == targets.len()
    })?;
    Ok(())
}

fn get_targets(machine: &ThrowawayMachine) -> anyhow::Result<Vec<Target>> {
    let answer = get(machine, "/api/v1/targets")?;
    let active = answer["data"]["activeTargets"].as_array().context("there are targets")?;
    let mut targets = Vec::new();
    for target in active.iter().filter(|target| target["scrapePool"] != "prometheus") {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let job = text(&target["scrapePool"]);
        let seconds = target["lastScrapeDuration"].as_f64().unwrap_or_default();
        targets.push(Target {
            job,
            url: text(&target["scrapeUrl"]),
            health: text(&target["health"]),
            seconds,
        });
    }
    targets.sort_by(|one, other| one.job.cmp(&other.job));
    Ok(targets)
}

fn get(machine: &ThrowawayMachine, path: &str) -> anyhow::Result<Value> {
    let mut stream = machine.connect(PORT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer has a body")?;
    Ok(serde_json::from_str(body)?)
}
