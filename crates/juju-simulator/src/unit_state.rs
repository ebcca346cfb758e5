mod file;
mod relation_state;
mod secret_state;
mod storage_state;

use std::str::FromStr;

use juju_types::UnitName;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::model::{Config, Model, Unit};
use file::{Action, File, Port, Status, config_from_json, config_to_json, port_list};
use relation_state::RelationState;
use secret_state::SecretState;
use storage_state::{ResourceState, StorageAdded, StorageConstraints, StorageState};

/// The state of one unit and of what it sees of its model, as JSON.
///
/// [`Simulator::restore`] takes one, [`Simulator::unit_state`] gives one. All
/// keys but `unit` can be left out, and what is not known is passed over.
///
/// ```
/// use juju_simulator::UnitState;
///
/// let state: UnitState = r#"{
///     "unit": "exporter/0",
///     "leader": true,
///     "config": {"port": 9100},
///     "unit_status": {"status": "active", "message": "ready"}
/// }"#.parse()?;
/// assert_eq!(state.unit().number(), 0);
/// # Ok::<(), juju_simulator::ParseUnitStateError>(())
/// ```
///
/// [`Simulator::restore`]: crate::Simulator::restore
/// [`Simulator::unit_state`]: crate::Simulator::unit_state
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct UnitState(File);

impl UnitState {
    /// Returns the unit.
    pub fn unit(&self) -> &UnitName {
        &self.0.unit
    }

    /// Looks at a unit that is in the model.
    pub(crate) fn of(model: &Model, name: &UnitName) -> Self {
        let application = model.application_of(name);
        let unit = model.unit(name);
        let config = application.config.values().into_iter();
        let others = model.units_of(name.application()).filter(|other| other.name != *name);
        let action =
            model.tasks.values().rev().find(|task| task.unit == *name).map(|task| Action {
                name: task.name.to_string(),
                id: task.id.to_string(),
                params: task.params.clone(),
                status: task.outcome.as_ref().map(|outcome| outcome.status.to_string()),
                message: task.outcome.as_ref().map(|outcome| outcome.message.clone()),
                results: task.outcome.as_ref().map(|outcome| outcome.results.clone()),
                log: task.outcome.as_ref().map(|outcome| outcome.log.clone()),
            });
        Self(File {
            unit: name.clone(),
            model_name: Some(model.name.clone()),
            model_uuid: Some(model.uuid),
            machine_id: unit.machine.clone(),
            public_address: Some(unit.public_address.clone()),
            private_address: Some(unit.private_address.clone()),
            leader: model.is_leader(name),
            leader_settings: application.leader_settings.clone(),
            config: config
                .map(|(key, value)| (key, value.map_or(Value::Null, config_to_json)))
                .collect(),
            relations: model
                .relations
                .values()
                .filter_map(|relation| RelationState::of(model, relation, name))
                .collect(),
            secrets: model
                .secrets
                .iter()
                .map(|(id, secret)| SecretState::of(id, secret, name))
                .collect(),
            storage: unit
                .storage
                .iter()
                .map(|(id, storage)| StorageState::of(id, storage))
                .collect(),
            storage_added: model
                .storage_due
                .get(name)
                .into_iter()
                .flatten()
                .map(|(name, count)| StorageAdded {
                    name: name.clone(),
                    constraints: StorageConstraints { count: *count },
                })
                .collect(),
            resources: application
                .resources
                .iter()
                .map(|(name, resource)| (name.clone(), ResourceState::of(resource)))
                .collect(),
            goal_state: unit.stated_goal.clone(),
            network: unit.stated_network.clone(),
            opened_ports: port_list(&unit.ports),
            unit_status: Some(Status::of(&unit.workload.text)),
            app_status: application.status.as_ref().map(|status| Status::of(&status.text)),
            app_units: others
                .map(|other| (other.name.clone(), Status::of(&other.workload.text)))
                .collect(),
            workload_version: application.workload_version.clone(),
            charm_state: unit.charm_state.clone(),
            action,
        })
    }

    /// Prepares a model for the unit that is then added to its application.
    pub(crate) fn prepare(&self, model: &mut Model) {
        let state = &self.0;
        model.name = state.model_name.clone().unwrap_or_else(|| model.name.clone());
        model.uuid = state.model_uuid.unwrap_or(model.uuid);
        if let Some(application) = model.application_mut(state.unit.application()) {
            application.next_unit = state.unit.number();
        }
        let id = state.action.as_ref().and_then(|action| action.id.parse().ok());
        model.next_task = id.unwrap_or(model.next_task);
    }

    /// Brings a unit that was just added into this state.
    pub(crate) fn restore(&self, model: &mut Model) {
        let state = &self.0;
        self.restore_application(model);
        if let Some(address) = &state.private_address {
            model.set_private_address(&state.unit, address);
        }
        for (name, status) in &state.app_units {
            let unit = self.extra_unit(model, name, status);
            model.insert_unit(unit);
        }
        if !state.relations.is_empty() {
            // They are all that there are: also the peer relations are among them.
            let own = state.unit.application();
            let own =
                model.relations.values().filter(|relation| relation.endpoint_of(own).is_some());
            let own: Vec<u32> = own.map(|relation| relation.id).collect();
            for number in own {
                model.forget_relation(number);
            }
        }
        for relation in &state.relations {
            model.insert_relation(relation.to_relation(&state.unit));
            model.next_relation = model.next_relation.max(relation.id + 1);
        }
        model.settle_relations(&state.unit);
        let numbers = state.storage.iter().map(|storage| storage.id.number() + 1);
        model.next_storage =
            numbers.max().map_or(model.next_storage, |next| next.max(model.next_storage));
        for secret in &state.secrets {
            if let Some((id, secret)) = secret.to_secret(&state.unit) {
                model.insert_secret(&id, secret);
            }
        }

        let workload = state.unit_status.as_ref().map(|status| status.record(model));
        let leadership = model.leadership(&state.unit);
        let unit = model.unit_mut(&state.unit);
        unit.workload = workload.unwrap_or_else(|| unit.workload.clone());
        if let Some(address) = &state.public_address {
            unit.public_address.clone_from(address);
        }
        for (range, endpoint) in state.opened_ports.iter().filter_map(Port::read) {
            unit.ports.open(range, endpoint);
        }
        unit.charm_state.clone_from(&state.charm_state);
        unit.stated_goal.clone_from(&state.goal_state);
        unit.stated_network.clone_from(&state.network);
        if !state.storage.is_empty() {
            let storage = state.storage.iter();
            unit.storage =
                storage.map(|storage| (storage.id.clone(), storage.to_storage())).collect();
        }
        let progress = &mut unit.progress;
        progress.storage = unit.storage.keys().cloned().collect();
        (progress.installed, progress.started, progress.status_set) = (true, true, true);
        progress.leadership = Some(leadership);
        let configuration = model.configuration(&state.unit);
        model.unit_mut(&state.unit).progress.config_seen = Some(configuration);
        if !state.storage_added.is_empty() {
            let added = state.storage_added.iter();
            let added = added.map(|added| (added.name.clone(), added.constraints.count)).collect();
            model.storage_due.insert(state.unit.clone(), added);
        }
    }

    fn restore_application(&self, model: &mut Model) {
        let state = &self.0;
        let status = state.app_status.as_ref().map(|status| status.record(model));
        let application = model.application_of_mut(&state.unit);
        application.status = status;
        application.workload_version.clone_from(&state.workload_version);
        let resources = state.resources.iter();
        application.resources =
            resources.map(|(name, resource)| (name.clone(), resource.to_resource())).collect();
        application.leader_settings.clone_from(&state.leader_settings);
        application.leader = if state.leader {
            Some(state.unit.clone())
        } else {
            state.app_units.keys().next().cloned()
        };
        let numbers = state.app_units.keys().map(UnitName::number);
        let next_unit = numbers.max().map_or(0, |number| number + 1);
        application.next_unit = application.next_unit.max(next_unit);
        if !state.config.is_empty() {
            let values =
                state.config.iter().map(|(key, value)| (key.clone(), config_from_json(value)));
            application.config = Config::of_values(values.collect());
        }
    }

    fn extra_unit(&self, model: &Model, name: &UnitName, status: &Status) -> Unit {
        let mut unit = model.unit(&self.0.unit).clone();
        unit.name = name.clone();
        unit.machine = None;
        unit.public_address = String::new();
        unit.private_address = String::new();
        unit.workload = status.record(model);
        unit.is_extra = true;
        unit
    }
}

impl FromStr for UnitState {
    type Err = ParseUnitStateError;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json)
            .map_err(|error| ParseUnitStateError { reason: error.to_string() })
    }
}

/// The text is no [`UnitState`]; the message says why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid unit state: {reason}")]
pub struct ParseUnitStateError {
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_the_json_is_wrong() {
        let error = |json: &str| json.parse::<UnitState>().unwrap_err();
        insta::assert_snapshot!(error("{}"), @"invalid unit state: missing field `unit` at line 1 column 2");
        insta::assert_snapshot!(error(r#"{"unit": "app"}"#), @"invalid unit state: invalid unit name `app`: it must be `APPLICATION/NUMBER` at line 1 column 15");
    }
}
