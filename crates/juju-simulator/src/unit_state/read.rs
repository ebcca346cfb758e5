//! Looking at what a unit is like.

use std::collections::BTreeMap;

use juju_types::{ConfigValue, EndpointName, ModelName, PortRange, RelationId, UnitName};

use super::UnitState;
use super::file::{Port, Status, config_from_json};
use super::relation_state::RelationState;
use super::secret_state::SecretState;
use super::storage_state::StorageState;
use crate::status_text::StatusText;

/// What can be read.
impl UnitState {
    /// Returns the name of the model, if it is known.
    pub fn model_name(&self) -> Option<&ModelName> {
        self.0.model_name.as_ref()
    }

    /// Tells whether the unit is the leader of its application.
    pub fn is_leader(&self) -> bool {
        self.0.leader
    }

    /// Returns the value of a config option, if it has one. The URI of a secret
    /// is a text like others.
    pub fn config(&self, option: &str) -> Option<ConfigValue> {
        self.0.config.get(option).and_then(config_from_json)
    }

    /// Returns all relations.
    pub fn relations(&self) -> &[RelationState] {
        &self.0.relations
    }

    /// Returns a relation by its id, such as `db:7`, or by its endpoint, if
    /// that has only this one.
    pub fn relation(&self, id_or_endpoint: &str) -> Option<&RelationState> {
        if let Ok(id) = id_or_endpoint.parse::<RelationId>() {
            return self.0.relations.iter().find(|relation| relation.id == id.number());
        }
        let mut found = self.relations_of(id_or_endpoint);
        found.next().filter(|_| found.next().is_none())
    }

    /// Returns all secrets.
    pub fn secrets(&self) -> &[SecretState] {
        &self.0.secrets
    }

    /// Returns a secret by its id, or by a label that the owner or the unit has
    /// given it.
    pub fn secret(&self, id_or_label: &str) -> Option<&SecretState> {
        self.0.secrets.iter().find(|secret| {
            [secret.id().id(), secret.label(), secret.reader_label()].contains(&id_or_label)
                || id_or_label.parse().is_ok_and(|id: juju_types::SecretId| id == *secret.id())
        })
    }

    /// Returns all storage instances.
    pub fn storage(&self) -> &[StorageState] {
        &self.0.storage
    }

    /// Returns the content of a resource, as far as it is text.
    pub fn resource(&self, name: &str) -> Option<&str> {
        self.0.resources.get(name).map(|resource| resource.content.as_str())
    }

    /// Returns the ranges of ports that are open, in Juju's order, each with
    /// the endpoint it is open for, or nothing for all.
    pub fn open_ports(&self) -> Vec<(PortRange, Option<EndpointName>)> {
        let mut ports: Vec<_> = self.0.opened_ports.iter().filter_map(Port::read).collect();
        ports.sort();
        ports
    }

    /// Returns the status of the unit, if it is known.
    pub fn status(&self) -> Option<StatusText> {
        self.0.unit_status.as_ref().map(Status::text)
    }

    /// Returns the status that the leader has set for the application, if any.
    pub fn application_status(&self) -> Option<StatusText> {
        self.0.app_status.as_ref().map(Status::text)
    }

    /// Returns the version of the workload; empty if there is none.
    pub fn workload_version(&self) -> &str {
        &self.0.workload_version
    }

    /// Returns the state that the charm keeps with Juju.
    pub fn charm_state(&self) -> &BTreeMap<String, String> {
        &self.0.charm_state
    }

    /// Returns what the leader has left for the other units.
    pub fn leader_settings(&self) -> &BTreeMap<String, String> {
        &self.0.leader_settings
    }

    /// Returns the other units of the application.
    pub fn other_units(&self) -> impl Iterator<Item = &UnitName> {
        self.0.app_units.keys()
    }

    pub(crate) fn relations_of(&self, endpoint: &str) -> impl Iterator<Item = &RelationState> {
        self.0.relations.iter().filter(move |relation| relation.endpoint.as_str() == endpoint)
    }
}
