use std::collections::BTreeMap;

use juju_types::{RelationId, SecretId, UnitName};
use serde_json::{Map, Value};

use crate::change::Change;
use crate::model::{DataBag, Model, OpenedPorts, Relation, Secret};
use crate::status_text::StatusText;

/// What an operation can change, as it was before.
#[derive(Debug)]
pub(super) struct Snapshot {
    status: StatusText,
    application_status: Option<StatusText>,
    version: String,
    leader_settings: BTreeMap<String, String>,
    charm_state: BTreeMap<String, String>,
    ports: OpenedPorts,
    /// What the unit and its application publish in each relation.
    published: BTreeMap<RelationId, [Settings; 2]>,
}

type Settings = BTreeMap<String, String>;

impl Snapshot {
    /// Looks at a unit that is in the model, before it runs something.
    pub(super) fn begin(model: &mut Model, unit: &UnitName) -> Self {
        model.former_secrets.clear();
        Self::of(model, unit)
    }

    fn of(model: &Model, unit: &UnitName) -> Self {
        let application = model.application_of(unit);
        let published = published(model, unit);
        let unit = model.unit(unit);
        Self {
            status: unit.workload.text.clone(),
            application_status: application.status.as_ref().map(|status| status.text.clone()),
            version: application.workload_version.clone(),
            leader_settings: application.leader_settings.clone(),
            charm_state: unit.charm_state.clone(),
            ports: unit.ports.clone(),
            published,
        }
    }

    /// Returns what is different now.
    pub(super) fn changes(self, model: &Model, unit: &UnitName) -> Vec<Change> {
        let later = Self::of(model, unit);
        let mut changes = Vec::new();
        if self.status != later.status {
            changes.push(Change::Status { before: self.status, after: later.status });
        }
        if let Some(after) = later.application_status
            && self.application_status.as_ref() != Some(&after)
        {
            changes.push(Change::ApplicationStatus { before: self.application_status, after });
        }
        if self.version != later.version {
            changes.push(Change::Version { before: self.version, after: later.version });
        }
        for (ports, endpoint) in missing_ports(&self.ports, &later.ports) {
            changes.push(Change::PortClosed { ports, endpoint });
        }
        for (ports, endpoint) in missing_ports(&later.ports, &self.ports) {
            changes.push(Change::PortOpened { ports, endpoint });
        }
        for (key, value) in different(&self.leader_settings, &later.leader_settings) {
            changes.push(Change::LeaderSetting { key, value });
        }
        for (key, value) in different(&self.charm_state, &later.charm_state) {
            changes.push(Change::State { key, value });
        }
        for (relation, [unit, application]) in later.published {
            let [unit_before, application_before] =
                self.published.get(&relation).cloned().unwrap_or_default();
            for (key, value) in different(&unit_before, &unit) {
                let relation = relation.clone();
                changes.push(Change::RelationUnitData { relation, key, value });
            }
            for (key, value) in different(&application_before, &application) {
                let relation = relation.clone();
                changes.push(Change::RelationApplicationData { relation, key, value });
            }
        }
        secret_changes(&model.former_secrets, &model.secrets, &mut changes);
        changes
    }
}

fn secret_changes(
    before: &BTreeMap<String, Option<Secret>>,
    after: &BTreeMap<String, Secret>,
    changes: &mut Vec<Change>,
) {
    let lost = before.iter().filter(|(id, former)| former.is_some() && !after.contains_key(*id));
    for (id, _) in lost {
        changes.push(Change::SecretRemoved { secret: secret_id(id) });
    }
    for (id, former) in before {
        let Some(secret) = after.get(id) else { continue };
        let former = former.as_ref();
        let revision = secret.latest();
        match former {
            None => changes.push(Change::SecretAdded { secret: secret_id(id) }),
            Some(former) if former.latest() != revision => {
                changes.push(Change::SecretRevised { secret: secret_id(id), revision });
            }
            Some(_) => {}
        }
        let readers = |secret: &Secret| -> Vec<String> {
            secret.grants.keys().map(ToString::to_string).collect()
        };
        let (old, new) = (former.map(readers).unwrap_or_default(), readers(secret));
        for reader in new.iter().filter(|reader| !old.contains(reader)).cloned() {
            changes.push(Change::SecretGranted { secret: secret_id(id), reader });
        }
        for reader in old.into_iter().filter(|reader| !new.contains(reader)) {
            changes.push(Change::SecretRevoked { secret: secret_id(id), reader });
        }
    }
}

fn secret_id(id: &str) -> SecretId {
    id.parse().expect("the model makes valid ids")
}

fn published(model: &Model, unit: &UnitName) -> BTreeMap<RelationId, [Settings; 2]> {
    let of = |relation: &Relation| {
        let endpoint = relation.endpoint_of(unit.application())?.clone();
        let settings = |bag: Option<&DataBag>| bag.map(|bag| bag.settings.clone());
        let own = settings(relation.units.get(unit)).unwrap_or_default();
        let application = relation.applications.get(unit.application());
        let application = settings(application).unwrap_or_default();
        Some((RelationId::new(endpoint, relation.id), [own, application]))
    };
    model.relations.values().filter_map(of).collect()
}

/// Returns the results of an action as changes, nested keys joined.
pub(super) fn result_changes(results: &Map<String, Value>) -> Vec<Change> {
    let mut changes = Vec::new();
    collect_results("", results, &mut changes);
    changes
}

fn collect_results(prefix: &str, results: &Map<String, Value>, changes: &mut Vec<Change>) {
    let sorted: BTreeMap<&String, &Value> = results.iter().collect();
    for (name, value) in sorted {
        let key = format!("{prefix}{name}");
        match value {
            Value::Object(inner) => collect_results(&format!("{key}."), inner, changes),
            Value::String(text) => changes.push(Change::ActionResult { key, value: text.clone() }),
            other => changes.push(Change::ActionResult { key, value: other.to_string() }),
        }
    }
}

type Opened = (juju_types::PortRange, Option<juju_types::EndpointName>);

/// Returns what is open in one and not in the other.
fn missing_ports(ports: &OpenedPorts, other: &OpenedPorts) -> Vec<Opened> {
    let all = |ports: &OpenedPorts| -> Vec<Opened> {
        let each = ports.iter().flat_map(|(range, endpoints)| {
            endpoints.iter().map(move |endpoint| (range, endpoint.clone()))
        });
        each.collect()
    };
    let other = all(other);
    all(ports).into_iter().filter(|opened| !other.contains(opened)).collect()
}

fn different(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<(String, Option<String>)> {
    let written = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    let written = written.map(|(key, value)| (key.clone(), Some(value.clone())));
    let deleted = before.keys().filter(|key| !after.contains_key(*key));
    let mut entries: Vec<_> = written.chain(deleted.map(|key| (key.clone(), None))).collect();
    entries.sort();
    entries
}
