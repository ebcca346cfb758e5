//! What was recorded of Python charms.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use juju_simulator::{RelationState, StatusText, UnitEvent};
use juju_types::StatusKind;
use serde::Deserialize;

/// One hook of a Python charm, and what it has left.
#[derive(Deserialize)]
pub(super) struct Recorded {
    pub(super) hook: String,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) state_before: Vec<RelationState>,
    published: Vec<Published>,
    pub(super) flags: BTreeSet<String>,
    /// The rows of the table `kv`.
    pub(super) kv_after: BTreeMap<String, String>,
    unit_status: Status,
}

#[derive(Deserialize)]
struct Published {
    id: u32,
    local_unit_data: BTreeMap<String, String>,
}

#[derive(Clone, Deserialize)]
struct Status {
    status: String,
    message: String,
}

impl Recorded {
    /// Reads a unit's hooks, in order.
    pub(super) fn read(file: &str) -> Vec<Self> {
        serde_json::from_str(&fs::read_to_string(folder().join(file)).unwrap()).unwrap()
    }

    pub(super) fn unit(&self) -> &str {
        &self.environment["JUJU_UNIT_NAME"]
    }

    pub(super) fn event(&self) -> UnitEvent {
        let event = UnitEvent::new(&self.hook);
        let variable = |name: &str| self.environment.get(name).cloned();
        let event = match variable("JUJU_RELATION_ID") {
            Some(id) => event.relation(id),
            None => event,
        };
        match variable("JUJU_REMOTE_UNIT") {
            Some(unit) => event.unit(unit),
            None => event,
        }
    }

    /// Tells whether it is a hook of the endpoint.
    pub(super) fn is_of(&self, endpoint: &str) -> bool {
        self.environment.get("JUJU_RELATION").is_some_and(|relation| relation == endpoint)
    }

    /// Returns the unit that joins a relation by the hook.
    pub(super) fn joins(&self, relation: &RelationState) -> Option<&str> {
        let joins = self.is_about(relation) && self.hook.ends_with("-relation-joined");
        joins.then(|| self.environment["JUJU_REMOTE_UNIT"].as_str())
    }

    /// Tells whether a relation is broken by the hook.
    pub(super) fn breaks(&self, relation: &RelationState) -> bool {
        self.is_about(relation) && self.hook.ends_with("-relation-broken")
    }

    fn is_about(&self, relation: &RelationState) -> bool {
        let id = relation.id().to_string();
        self.environment.get("JUJU_RELATION_ID").is_some_and(|about| *about == id)
    }

    pub(super) fn status(&self) -> StatusText {
        let kind: StatusKind = self.unit_status.status.parse().unwrap();
        StatusText::new(kind, &self.unit_status.message)
    }

    /// Returns what the unit publishes in a relation after the hook.
    pub(super) fn published(&self, relation: u32) -> &BTreeMap<String, String> {
        let relation = self.published.iter().find(|published| published.id == relation);
        &relation.unwrap().local_unit_data
    }
}

/// Returns what both have published at last, of all relations: the requests of
/// the one that asks, or the responses of the other.
pub(super) fn published_at_last(file: &str, prefix: &str) -> BTreeMap<String, String> {
    let hooks = Recorded::read(file);
    let published = hooks.iter().rev().flat_map(|hook| &hook.published);
    let mut bags = published.map(|relation| -> BTreeMap<String, String> {
        let data = relation.local_unit_data.clone().into_iter();
        data.filter(|(key, _)| key.starts_with(prefix)).collect()
    });
    bags.find(|bag| bag.len() > 1).unwrap()
}

/// Returns the folder with the recordings: the tree's own, or others that are
/// to be tried.
#[expect(clippy::disallowed_methods, reason = "newer recordings can be put in the place of ours")]
fn folder() -> PathBuf {
    std::env::var_os("PYTHON_RECORDINGS").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings/python-peers").into(),
        PathBuf::from,
    )
}
