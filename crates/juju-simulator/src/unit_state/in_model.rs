//! From the model to a state, and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use juju_types::{EndpointName, ResourceName, StatusValue, StorageId, UnitName};
use serde_json::Value;

use super::UnitState;
use super::file::{Action, File, Port, Status, config_from_json, config_to_json, port_list};
use super::relation_state::RelationState;
use super::resource_state::ResourceState;
use super::secret_state::SecretState;
use super::storage_state::{StorageAdded, StorageConstraints, StorageState};
use crate::model::{Config, Model, OpenedPorts, Storage, Unit};

impl UnitState {
    /// Looks at a unit that is in the model.
    pub(crate) fn of(model: &Model, name: &UnitName) -> Self {
        let application = model.application_of(name);
        let unit = model.unit(name);
        let config = application.config.values().into_iter();
        let defaults = application.config.defaults().map(str::to_owned).collect();
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
            defaults,
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
        model.forget_extra_units(state.unit.application());
        for (name, status) in &state.app_units {
            let unit = self.extra_unit(model, name, status);
            model.insert_unit(unit);
        }
        self.restore_relations(model);
        let numbers = state.storage.iter().map(|storage| storage.id().number() + 1);
        model.next_storage =
            numbers.max().map_or(model.next_storage, |next| next.max(model.next_storage));
        for secret in &state.secrets {
            let id = secret.id.id();
            if let Some(restored) = secret.to_secret(&state.unit, model.secrets.get(id)) {
                model.insert_secret(id, restored);
            }
        }

        let workload = state.unit_status.as_ref().map(|status| status.record(model));
        let leadership = model.leadership(&state.unit);
        let has_status = state.unit_status.is_some();
        let unknown = model.status(StatusValue::Unknown, "");
        let storage = self.restored_storage(model);
        let unit = model.unit_mut(&state.unit);
        unit.workload = workload.unwrap_or(unknown);
        if let Some(address) = &state.public_address {
            unit.public_address.clone_from(address);
        }
        unit.ports = OpenedPorts::default();
        for (range, endpoint) in state.opened_ports.iter().filter_map(Port::read) {
            unit.ports.open(range, endpoint);
        }
        unit.charm_state.clone_from(&state.charm_state);
        unit.stated_goal.clone_from(&state.goal_state);
        unit.stated_network.clone_from(&state.network);
        if !storage.is_empty() {
            unit.storage = storage;
        }
        let progress = &mut unit.progress;
        progress.storage = unit.storage.keys().cloned().collect();
        (progress.installed, progress.started) = (true, true);
        progress.status_set = has_status;
        progress.leadership = Some(leadership);
        let configuration = model.configuration(&state.unit);
        model.unit_mut(&state.unit).progress.config_seen = Some(configuration);
        model.storage_due.remove(&state.unit);
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
        let defined = &application.charm.metadata().resources;
        let resource = |(name, resource): (&String, &ResourceState)| {
            let defined = name.parse().ok().and_then(|name: ResourceName| defined.get(&name));
            (name.clone(), resource.to_resource(defined))
        };
        application.resources = state.resources.iter().map(resource).collect();
        application.status = status;
        application.workload_version.clone_from(&state.workload_version);
        application.leader_settings.clone_from(&state.leader_settings);
        application.leader = if state.leader {
            Some(state.unit.clone())
        } else {
            state.app_units.keys().next().cloned()
        };
        let numbers = state.app_units.keys().map(UnitName::number);
        let next_unit = numbers.max().map_or(0, |number| number + 1);
        application.next_unit = application.next_unit.max(next_unit);
        application.config = Config::new(application.charm.config());
        for (option, value) in &state.config {
            application.config.state(option, config_from_json(value));
        }
    }

    /// Puts the relations that are stated into the place of those that the
    /// model has. A peer relation that is not stated is there all the same.
    fn restore_relations(&self, model: &mut Model) {
        let state = &self.0;
        let own = state.unit.application();
        let is_stated = |id: u32, endpoint: &EndpointName| {
            state.relations.iter().any(|stated| stated.id == id || stated.endpoint == *endpoint)
        };
        let replaced = model.relations.values().filter(|relation| {
            let endpoint = relation.endpoint_of(own);
            endpoint.is_some_and(|name| !relation.is_peer() || is_stated(relation.id, name))
        });
        let replaced: Vec<u32> = replaced.map(|relation| relation.id).collect();
        for number in replaced {
            model.forget_relation(number);
        }
        let charm = Arc::clone(&model.application_of(&state.unit).charm);
        for relation in &state.relations {
            let defined = charm.metadata().endpoint(&relation.endpoint);
            let status = model.status(StatusValue::from("joined"), "");
            model.insert_relation(relation.to_relation(&state.unit, defined, status));
            model.next_relation = model.next_relation.max(relation.id + 1);
        }
        model.add_peer_relations(own);
        model.unit_mut(&state.unit).progress.relations.clear();
        model.settle_relations(&state.unit);
    }

    fn restored_storage(&self, model: &Model) -> BTreeMap<StorageId, Storage> {
        let defined = &model.application_of(&self.0.unit).charm.metadata().storage;
        let restored = self.0.storage.iter().map(|storage| {
            let id = storage.id();
            (id.clone(), storage.to_storage(defined.get(id.name()), &model.storage_root))
        });
        restored.collect()
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
