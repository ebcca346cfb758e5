//! The two charms, and what is asked of a model that they are in.

use std::path::{Path, PathBuf};

use juju_simulator::{Change, LogLine, Operation, Simulator, SimulatorBuilder};
use juju_types::JujuVersion;
use serde_json::{Value, json};

use crate::{python_interpreter, tool_program};

/// The versions of Juju that both frameworks know: the last of the old ones
/// that is still in use, the one that was recorded, and the newest.
pub(crate) const VERSIONS: [JujuVersion; 3] =
    [JujuVersion::new(2, 9, 52), JujuVersion::new(3, 6, 28), JujuVersion::new(4, 0, 15)];

/// Returns the folder of a charm.
pub(crate) fn charm(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python-charms").join(name)
}

/// A model whose charms find their interpreter.
pub(crate) fn builder() -> SimulatorBuilder {
    let python = python_interpreter::path();
    let python = python.to_str().expect("the path of the workspace is text");
    Simulator::builder().tool_program(tool_program::path()).charm_variable("CHARM_PYTHON", python)
}

/// Runs all until idle; no hook may have failed.
#[track_caller]
pub(crate) fn settle(juju: &mut Simulator) {
    juju.run_until_idle().unwrap();
    for operation in juju.operations() {
        assert!(operation.exit.is_success(), "{operation}");
    }
}

/// Returns the workload status of a unit as text.
pub(crate) fn workload(juju: &Simulator, unit: &str) -> String {
    juju.status().unit(unit).unwrap().workload.to_string()
}

/// Returns the last operation of a unit.
#[track_caller]
pub(crate) fn last<'a>(juju: &'a Simulator, unit: &str) -> &'a Operation {
    juju.operations().iter().rfind(|operation| operation.unit.to_string() == unit).unwrap()
}

/// Returns what has been run since then, with its unit.
pub(crate) fn ran_since(juju: &Simulator, mark: usize) -> Vec<String> {
    let ran = juju.operations()[mark..].iter();
    ran.map(|operation| format!("{} {}", operation.unit, operation.kind)).collect()
}

/// Returns what an operation has changed, a line each.
pub(crate) fn changes(operation: &Operation) -> String {
    operation.changes.iter().map(Change::to_string).collect::<Vec<_>>().join("\n")
}

/// Returns what an operation has logged, a line each.
pub(crate) fn log(operation: &Operation) -> String {
    operation.log.iter().map(LogLine::to_string).collect::<Vec<_>>().join("\n")
}

/// Returns the state of a unit.
pub(crate) fn state(juju: &Simulator, unit: &str) -> Value {
    serde_json::to_value(juju.unit_state(unit).unwrap()).unwrap()
}

/// Returns what a unit sees of its relation on an endpoint.
pub(crate) fn relation(juju: &Simulator, unit: &str, endpoint: &str) -> Value {
    let state = state(juju, unit);
    let relations = state["relations"].as_array().unwrap();
    relations.iter().find(|relation| relation["endpoint"] == endpoint).unwrap().clone()
}

/// Returns what `db/0` publishes as a server, with what Juju itself adds.
pub(crate) fn served(version: &JujuVersion, port: &str) -> Value {
    let address = "10.0.0.12";
    let mut settings = json!({
        "egress-subnets": format!("{address}/32"),
        "host": address,
        "ingress-address": address,
        "port": port,
    });
    if version.publishes_private_address() {
        settings["private-address"] = address.into();
    }
    settings
}
