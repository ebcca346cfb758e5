//! The real `promtool`.

use std::fs;
use std::path::Path;
use std::process::Command;

use python_json::Value;

use crate::yaml;

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/debian-packages/prometheus/usr/bin/promtool"
);

/// Returns what `promtool check config` says against a configuration with these
/// jobs, if it refuses it.
#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
pub(crate) fn refusal(jobs: &[Value]) -> Option<String> {
    assert!(
        Path::new(PROGRAM).exists(),
        "there is no promtool at {PROGRAM}: run `cargo xtask debian-packages`"
    );
    let folder = tempfile::tempdir().expect("there is room");
    let config = folder.path().join("prometheus.yml");
    fs::write(&config, yaml::config(jobs)).expect("the folder is new");
    let output = Command::new(PROGRAM)
        .args(["check", "config"])
        .arg(&config)
        .output()
        .expect("promtool starts");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    // A promtool that could not start must not count as one that refuses.
    assert!(said.contains("Checking"), "promtool did not run: {said}");
    (!output.status.success()).then_some(said)
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
