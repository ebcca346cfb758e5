//! What was recorded of the real agent.

use std::collections::BTreeMap;
use std::fs;

use juju_simulator::UnitState;
use serde::Deserialize;
use serde_json::Value;

/// One hook or action, and the hook tools that were called in it.
#[derive(Deserialize)]
pub(crate) struct Recording {
    pub(crate) state: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) calls: Vec<Call>,
    pub(crate) state_after: Value,
    pub(crate) flush_error: Option<String>,
    pub(crate) juju_log: Option<Vec<Logged>>,
}

/// A line for the shell, and what came of it.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) shell: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: i32,
}

#[derive(Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Logged {
    pub(crate) level: String,
    pub(crate) module: String,
    pub(crate) message: String,
}

/// The variables of one kind of event, and what two tools answered in it.
#[derive(Deserialize)]
pub(crate) struct EventRecording {
    pub(crate) event: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) relation_list: Vec<String>,
    pub(crate) relation_ids: Vec<String>,
}

pub(crate) fn recording(name: &str) -> Recording {
    serde_json::from_str(&read(&format!("hook-tools/{name}.json"))).unwrap()
}

pub(crate) fn environments() -> Vec<EventRecording> {
    serde_json::from_str(&read("environments.json")).unwrap()
}

/// Returns the state before a recording. Its model has the UUID that the
/// recorded environments show.
pub(crate) fn state(file: &str) -> UnitState {
    let mut state: Value = serde_json::from_str(&read(&format!("hook-tools/{file}"))).unwrap();
    state["model_uuid"] = "deadbeef-0bad-400d-8000-4b1d0d06f00d".into();
    serde_json::from_value(state).unwrap()
}

fn read(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings/juju-3.6.28");
    fs::read_to_string(format!("{folder}/{name}")).unwrap()
}
