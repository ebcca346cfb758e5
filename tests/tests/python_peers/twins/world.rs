//! A model in which one of the twins lives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use juju_simulator::{Operation, OperationKind, Simulator};
use juju_types::{CharmFiles, Event, RelationContext, UnitName};
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
        let mut juju = builder().update_status_interval(Duration::ZERO).build();
        match language {
            Language::Python => juju.deploy(charm("reactive-twin"), "app").unwrap(),
            Language::Rust => juju.deploy_in_process(&files(), "app", run).unwrap(),
        };
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

    /// Replaces the charm of `app`.
    pub(super) fn refresh(&mut self, language: Language) {
        match language {
            Language::Python => self.juju.refresh(charm("reactive-twin"), "app").unwrap(),
            Language::Rust => self.juju.refresh_in_process(&files(), "app", run).unwrap(),
        }
    }

    pub(super) fn last(&self) -> &Operation {
        self.juju.operations().last().unwrap()
    }

    /// Returns what there is to compare of a unit of `app`.
    pub(super) fn outcome(&self, unit: &str) -> Outcome {
        let folder = self.juju.charm_dir(unit).unwrap();
        let state = serde_json::to_value(self.juju.unit_state(unit).unwrap()).unwrap();
        Outcome::of(&folder, &state, &self.members(unit))
    }

    /// Returns the remote units, each after its relation, that a unit has seen
    /// join and has not seen depart. (The model lets go of them later.)
    fn members(&self, unit: &str) -> BTreeSet<(String, String)> {
        let mut members = BTreeSet::new();
        for operation in self.juju.operations() {
            let OperationKind::Hook(event) = &operation.kind else { continue };
            if operation.unit.to_string() != unit {
                continue;
            }
            let key = |relation: &RelationContext, unit: &UnitName| {
                (relation.id.to_string(), unit.to_string())
            };
            match event {
                Event::RelationJoined { relation, unit } => {
                    members.insert(key(relation, unit));
                }
                Event::RelationDeparted { relation, unit, .. } => {
                    members.remove(&key(relation, unit));
                }
                _ => {}
            }
        }
        members
    }
}

/// Returns the files that describe both charms.
fn files() -> CharmFiles {
    let folder = charm("reactive-twin");
    let read = |name: &str| match fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    CharmFiles::read(read).unwrap()
}

fn run(variables: BTreeMap<String, String>) -> ExitCode {
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
    fn of(folder: &Path, state: &Value, members: &BTreeSet<(String, String)>) -> Self {
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
                    .is_none_or(|digest| is_there(digest, relations, members, &departed))
        });
        let folder = folder.to_str().unwrap();
        let rows = rows.into_iter().map(|(key, text)| (key.replace(folder, "CHARM"), text));
        let published =
            relations.iter().map(|relation| (id(relation), published(relation, members)));
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
fn is_there(
    digest: &str,
    relations: &[Value],
    members: &BTreeSet<(String, String)>,
    departed: &BTreeMap<String, Value>,
) -> bool {
    let mut parts = digest.splitn(4, '.');
    let mut part = || parts.next().unwrap();
    let (endpoint, relation, unit, key) = (part(), part(), part(), part());
    let of_joined = relations.iter().find(|state| id(state) == relation);
    let of_joined = of_joined.map(|state| &state["remote_units"][unit]);
    let is_member = members.contains(&(relation.to_owned(), unit.to_owned()));
    let of_departed = departed.get(&format!("{endpoint}.{relation}.{unit}"));
    let data = of_joined.filter(|_| is_member).or(of_departed);
    data.is_some_and(|data| data.get(key).is_some())
}

/// Returns what the unit and its application publish in a relation, without
/// responses to requests that are gone, which Python leaves.
fn published(relation: &Value, members: &BTreeSet<(String, String)>) -> Value {
    let mut unit = relation["local_unit_data"].clone();
    let of_relation = members.iter().filter(|(of, _)| *of == id(relation));
    let asked: BTreeSet<&String> = of_relation
        .filter_map(|(_, member)| relation["remote_units"][member].as_object())
        .flat_map(|data| data.keys())
        .collect();
    unit.as_object_mut().unwrap().retain(|key, _| {
        let id = key.strip_prefix("response_");
        id.is_none_or(|id| asked.contains(&format!("request_{id}")))
    });
    Value::Array(vec![unit, relation["local_app_data"].clone()])
}

fn id(relation: &Value) -> String {
    format!("{}:{}", relation["endpoint"].as_str().unwrap(), relation["id"])
}
