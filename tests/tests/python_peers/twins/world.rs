//! A model in which one of the twins lives.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use juju_simulator::{Deployment, Operation, Simulator};
use juju_types::CharmFiles;
use reactive_endpoints::{Rows, SqliteStore, Store as _};
use serde_json::Value;

use super::charm::twin;
use super::puppet::{self, Pull, Strings};
use crate::demo::{builder, charm};

/// Whose charm `app` is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Language {
    Python,
    Rust,
}

/// A model with the application `app`, a twin, and the puppets `one` and `two`.
pub(super) struct World {
    pub(super) juju: Simulator,
    strings: Strings,
}

/// Rows that serve Python's dispatcher alone: in which phase it is, what else
/// it has to test again, and the triggers of the hook.
const DISPATCHER_ROWS: [&str; 4] = [
    "reactive.dispatch.phase",
    "reactive.dispatch.removed_state",
    "reactive.flag_set_triggers.",
    "reactive.state_watch",
];

/// Rows of our own, which Python passes over.
const OWN_ROWS: &str = "charmwright.";

impl World {
    pub(super) fn new(language: Language) -> Self {
        let strings = Strings::default();
        let mut juju = builder().update_status_interval(std::time::Duration::ZERO).build();
        juju.deploy_with(deployment(language)).unwrap();
        for application in ["one", "two"] {
            let strings = Strings::clone(&strings);
            let run = move |variables| puppet::run(variables, &strings);
            juju.deploy_in_process(&puppet::files(), application, run).unwrap();
        }
        Self { juju, strings }
    }

    /// Has a puppet do something in a hook.
    pub(super) fn pull(&mut self, unit: &str, pull: Pull) {
        self.strings.lock().unwrap().entry(unit.to_owned()).or_default().push(pull);
        self.juju.update_status(unit).unwrap();
    }

    pub(super) fn last(&self) -> &Operation {
        self.juju.operations().last().unwrap()
    }

    /// Returns what there is to compare of a unit of `app`.
    pub(super) fn outcome(&self, unit: &str) -> Outcome {
        let folder = self.juju.charm_dir(unit).unwrap();
        let state = serde_json::to_value(self.juju.unit_state(unit).unwrap()).unwrap();
        Outcome::of(&folder, &state)
    }
}

/// Returns how `app` is deployed.
pub(super) fn deployment(language: Language) -> Deployment {
    let folder = charm("reactive-twin");
    match language {
        Language::Python => Deployment::new(folder, "app"),
        Language::Rust => {
            let files = CharmFiles::read(|name| match std::fs::read_to_string(folder.join(name)) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            });
            Deployment::in_process(&files.unwrap(), "app", run)
        }
    }
}

pub(super) fn run(variables: BTreeMap<String, String>) -> std::process::ExitCode {
    twin(&variables["JUJU_CHARM_DIR"]).run_in(variables)
}

/// What a hook has left of a unit, without what may differ.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) flags: BTreeMap<String, String>,
    /// The flags that tell of requests and responses.
    ///
    /// Python looks at the beginning of a hook, and ours follow at once: they
    /// are the same after a hook in which nothing is asked or answered.
    pub(super) kept: BTreeSet<String>,
    pub(super) rows: Rows,
    pub(super) published: BTreeMap<String, Value>,
    pub(super) status: Value,
}

impl Outcome {
    fn of(folder: &Path, state: &Value) -> Self {
        let store = SqliteStore::new(folder.join(".unit-state.db"));
        let mut rows = store.load().unwrap().rows;
        let relations = state["relations"].as_array().unwrap();
        let mut flags = BTreeMap::new();
        let mut kept = BTreeSet::new();
        rows.retain(|key, text| {
            let Some(flag) = key.strip_prefix("reactive.states.") else { return true };
            if flag.ends_with("_requests") || flag.ends_with("_responses") {
                kept.insert(flag.to_owned());
            } else {
                flags.insert(flag.to_owned(), text.clone());
            }
            false
        });
        // Python says that all are answered when nothing is asked.
        let has_asked = relations.iter().any(|relation| {
            let published = relation["local_unit_data"].as_object().unwrap();
            published.keys().any(|key| key.starts_with("request_"))
        });
        if !has_asked {
            kept.remove("endpoint.ask.all_responses");
        }
        let departed = departed(&rows);
        rows.retain(|key, _| {
            !DISPATCHER_ROWS.iter().any(|aside| key.starts_with(aside))
                && !key.starts_with(OWN_ROWS)
                && key
                    .strip_prefix("reactive.data_changed.endpoint.")
                    .is_none_or(|digest| is_there(digest, relations, &departed))
        });
        let folder = folder.to_str().unwrap();
        let rows = rows.into_iter().map(|(key, text)| (key.replace(folder, "CHARM"), text));
        let published = relations.iter().map(|relation| {
            let id = format!("{}:{}", relation["endpoint"].as_str().unwrap(), relation["id"]);
            (id, published(relation))
        });
        Self {
            flags,
            kept,
            rows: rows.collect(),
            published: published.collect(),
            status: state["unit_status"].clone(),
        }
    }
}

/// Returns the data of the units that have departed, by endpoint, relation and
/// unit.
fn departed(rows: &Rows) -> BTreeMap<String, Value> {
    let mut departed = BTreeMap::new();
    for (key, text) in rows {
        let Some(endpoint) = key.strip_prefix("reactive.endpoints.departed.") else { continue };
        let units: Value = serde_json::from_str(text).unwrap();
        for unit in units.as_array().into_iter().flatten() {
            let (relation, name) = (&unit["relation"], &unit["unit_name"]);
            let key =
                format!("{endpoint}.{}.{}", relation.as_str().unwrap(), name.as_str().unwrap());
            departed.insert(key, unit["data"].clone());
        }
    }
    departed
}

/// Tells whether a digest, `ENDPOINT.RELATION.UNIT.KEY`, is of a unit that is
/// there, and of a setting that it has. Python keeps all others for ever.
fn is_there(digest: &str, relations: &[Value], departed: &BTreeMap<String, Value>) -> bool {
    let mut parts = digest.splitn(4, '.');
    let mut part = || parts.next().unwrap();
    let (endpoint, relation, unit, key) = (part(), part(), part(), part());
    let of_departed = departed.get(&format!("{endpoint}.{relation}.{unit}"));
    let of_joined = relations.iter().find_map(|state| {
        let is_it = format!("{}:{}", endpoint, state["id"]) == relation;
        let is_member = state["members"].as_array().unwrap().iter().any(|member| member == unit);
        (is_it && is_member).then(|| &state["remote_units"][unit])
    });
    of_joined.or(of_departed).is_some_and(|data| data.get(key).is_some())
}

/// Returns what the unit and its application publish in a relation, without
/// responses to requests that are gone, which Python leaves.
fn published(relation: &Value) -> Value {
    let mut unit = relation["local_unit_data"].clone();
    let members = relation["members"].as_array().unwrap();
    unit.as_object_mut().unwrap().retain(|key, _| {
        let Some(id) = key.strip_prefix("response_") else { return true };
        members.iter().any(|member| {
            let data = &relation["remote_units"][member.as_str().unwrap()];
            data.get(format!("request_{id}")).is_some()
        })
    });
    Value::Array(vec![unit, relation["local_app_data"].clone()])
}
