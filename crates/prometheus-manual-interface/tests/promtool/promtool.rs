//! The real `promtool`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use python_json::Value;
use serde::Deserialize;

use crate::yaml;

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/debian-packages/prometheus/usr/bin/promtool"
);

/// Returns what `promtool check config` says against a configuration, if it
/// refuses it.
pub(crate) fn check_config(config: &Path) -> Result<(), String> {
    let said = run(&["check".as_ref(), "config".as_ref(), config.as_ref()]);
    let text = said.as_ref().unwrap_or_else(|said| said);
    // A promtool that could not start must not count as one that refuses.
    assert!(text.contains("Checking"), "promtool did not run: {text}");
    said.map(drop)
}

/// Returns what `promtool check config` says against a configuration with these
/// jobs, if it refuses it.
pub(crate) fn refusal(jobs: &[Value]) -> Option<String> {
    let folder = tempfile::tempdir().expect("there is room");
    // A discovery of `*.yml` would find a configuration of that name.
    let config = folder.path().join("configuration");
    fs::write(&config, yaml::config(jobs)).expect("the folder is new");
    check_config(&config).err()
}

/// Returns a job that promtool refuses even alone, and what it says.
pub(crate) fn culprit(jobs: &[Value]) -> Option<(Value, String)> {
    let said = refusal(jobs)?;
    let [job] = jobs else {
        let (left, right) = jobs.split_at(jobs.len() / 2);
        return culprit(left).or_else(|| culprit(right));
    };
    Some((job.clone(), said))
}

/// Returns the labels of the one target of a job, before any is dropped.
pub(crate) fn labels(config: &Path, job: &str) -> BTreeMap<String, String> {
    // The tool takes all of this time, be it enough or not.
    for seconds in [1, 4, 16, 64] {
        let timeout = format!("--timeout={seconds}s");
        let check = ["check", "service-discovery", &timeout].map(OsStr::new);
        let said = run(&[&check[..], &[config.as_ref(), job.as_ref()]].concat()).unwrap();
        let targets: Option<Vec<Target>> = serde_json::from_str(&said).unwrap();
        if let [target] = &targets.unwrap_or_default()[..] {
            return target.discovered_labels.clone();
        }
    }
    panic!("promtool finds no target of `{job}`");
}

#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
fn run(arguments: &[&OsStr]) -> Result<String, String> {
    assert!(
        Path::new(PROGRAM).exists(),
        "there is no promtool at {PROGRAM}: run `cargo xtask debian-packages`"
    );
    let output = Command::new(PROGRAM).args(arguments).output().expect("promtool starts");
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    if output.status.success() { Ok(stdout) } else { Err(stdout + &stderr) }
}

/// A target, as `promtool check service-discovery` shows it.
#[derive(Deserialize)]
struct Target {
    #[serde(rename = "discoveredLabels")]
    discovered_labels: BTreeMap<String, String>,
}
