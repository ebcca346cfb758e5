//! What was recorded of the real agent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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

/// The recordings of the tree, in the order in which they are shown.
const RECORDINGS: [&str; 5] = ["relations", "general", "secrets", "action", "non-leader"];

/// Returns all recordings of hooks and actions, with their names.
pub(crate) fn recordings() -> Vec<(String, Recording)> {
    let names: Vec<String> = match other_folder() {
        None => RECORDINGS.map(str::to_owned).to_vec(),
        Some(folder) => {
            let files = fs::read_dir(hook_tools(&folder)).unwrap().map(|file| file.unwrap().path());
            let name = |file: PathBuf| {
                let name = file.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
                (!name.contains(".state") && name != "environments").then_some(name)
            };
            let mut names: Vec<String> = files.filter_map(name).collect();
            names.sort();
            names
        }
    };
    let read = |name: String| {
        let recording = serde_json::from_str(&read_hook_tools(&format!("{name}.json"))).unwrap();
        (name, recording)
    };
    names.into_iter().map(read).collect()
}

/// Returns the folder with other recordings to be tried, if one is named.
pub(crate) fn other_folder() -> Option<PathBuf> {
    std::env::var_os("JUJU_RECORDINGS").map(PathBuf::from)
}

/// Recordings lie in a folder of their own, beside those of environments, or
/// right in the folder that was named.
fn hook_tools(folder: &Path) -> PathBuf {
    let inner = folder.join("hook-tools");
    if inner.is_dir() { inner } else { folder.to_owned() }
}

pub(crate) fn environments() -> Vec<EventRecording> {
    serde_json::from_str(&fs::read_to_string(own_folder().join("environments.json")).unwrap())
        .unwrap()
}

/// Returns the state before a recording. Its model has the UUID that the
/// recorded environments show.
pub(crate) fn state(file: &str) -> UnitState {
    let mut state: Value = serde_json::from_str(&read_hook_tools(file)).unwrap();
    state["model_uuid"] = "deadbeef-0bad-400d-8000-4b1d0d06f00d".into();
    serde_json::from_value(state).unwrap()
}

/// Returns a state of the tree's own recordings.
pub(crate) fn own_state(file: &str) -> UnitState {
    fs::read_to_string(hook_tools(&own_folder()).join(file)).unwrap().parse().unwrap()
}

fn read_hook_tools(name: &str) -> String {
    let folder = hook_tools(&other_folder().unwrap_or_else(own_folder));
    let file = folder.join(name);
    // Recordings that bring no states of their own begin in those of the tree.
    let file = if file.exists() { file } else { hook_tools(&own_folder()).join(name) };
    fs::read_to_string(file).unwrap()
}

fn own_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings/juju-3.6.28"))
}
