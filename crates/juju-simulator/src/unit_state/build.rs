//! Stating what a unit is like.

use std::collections::BTreeMap;

use juju_types::{PortRange, StatusValue};
use serde_json::Value;

use super::UnitState;
use super::file::{Port, Status};
use super::relation_state::{RelationState, settings};
use super::resource_state::ResourceState;
use super::secret_state::SecretState;
use super::storage_state::StorageState;
use crate::model::NetworkInfo;
use crate::stated::stated;
use crate::status_text::StatusText;

/// What can be stated.
impl UnitState {
    /// Makes the unit the leader of its application.
    #[must_use]
    pub fn with_leadership(mut self) -> Self {
        self.0.leader = true;
        self
    }

    /// Lets no unit that is known, or the first of the other ones, be the
    /// leader, as it is without [`with_leadership`](Self::with_leadership).
    #[must_use]
    pub fn without_leadership(mut self) -> Self {
        self.0.leader = false;
        self
    }

    /// Sets a config option. All others have their defaults.
    #[must_use]
    pub fn with_config(mut self, option: impl Into<String>, value: impl Into<Value>) -> Self {
        let option = option.into();
        self.0.defaults.remove(&option);
        self.0.config.insert(option, value.into());
        self
    }

    /// Adds a relation, in place of the one with the same id if there is one.
    #[must_use]
    pub fn with_relation(mut self, relation: RelationState) -> Self {
        self.0.relations.retain(|known| known.id != relation.id);
        self.0.relations.push(relation);
        self
    }

    /// Takes a relation away, as if it had never been.
    #[must_use]
    #[track_caller]
    pub fn without_relation(mut self, id: &str) -> Self {
        let id: juju_types::RelationId = stated(id);
        self.0.relations.retain(|known| known.id != id.number());
        self
    }

    /// Adds a secret, in place of the one with the same id if there is one.
    #[must_use]
    pub fn with_secret(mut self, secret: SecretState) -> Self {
        self.0.secrets.retain(|known| known.id() != secret.id());
        self.0.secrets.push(secret);
        self
    }

    /// Adds a storage instance. Without any, the unit has what its charm needs
    /// at least.
    #[must_use]
    pub fn with_storage(mut self, storage: StorageState) -> Self {
        self.0.storage.retain(|known| known.id() != storage.id());
        self.0.storage.push(storage);
        self
    }

    /// Adds the content of a resource.
    #[must_use]
    pub fn with_resource(mut self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.0.resources.insert(name.into(), ResourceState::new(content.into()));
        self
    }

    /// Opens a range of ports for all endpoints, such as `8000-8005/udp`.
    #[must_use]
    #[track_caller]
    pub fn with_open_ports(mut self, range: &str) -> Self {
        let range: PortRange = stated(range);
        self.0.opened_ports.push(Port::new(range, None));
        self
    }

    /// Opens a range of ports for one endpoint.
    #[must_use]
    #[track_caller]
    pub fn with_open_ports_for(mut self, range: &str, endpoint: &str) -> Self {
        let (range, endpoint) = (stated(range), stated(endpoint));
        self.0.opened_ports.push(Port::new(range, Some(&endpoint)));
        self
    }

    /// Sets the status of the unit; without one the charm has never set any.
    #[must_use]
    pub fn with_status(mut self, status: impl Into<StatusText>) -> Self {
        self.0.unit_status = Some(Status::of(&status.into()));
        self
    }

    /// Sets the status of the application.
    #[must_use]
    pub fn with_application_status(mut self, status: impl Into<StatusText>) -> Self {
        self.0.app_status = Some(Status::of(&status.into()));
        self
    }

    /// Sets the version of the workload.
    #[must_use]
    pub fn with_workload_version(mut self, version: impl Into<String>) -> Self {
        self.0.workload_version = version.into();
        self
    }

    /// Adds an entry to the state that the charm keeps with Juju.
    #[must_use]
    pub fn with_charm_state(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.charm_state.insert(key.into(), value.into());
        self
    }

    /// Sets what the leader has left for the other units (up to Juju 3.6).
    #[must_use]
    pub fn with_leader_settings<K: Into<String>, V: Into<String>>(
        mut self,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.0.leader_settings = settings(data);
        self
    }

    /// Adds another unit of the application, with its status.
    #[must_use]
    #[track_caller]
    pub fn with_other_unit(mut self, unit: &str, status: impl Into<StatusText>) -> Self {
        self.0.app_units.insert(stated(unit), Status::of(&status.into()));
        self
    }

    /// Sets the address of the unit, by which it is reached and which it
    /// reaches others from.
    #[must_use]
    pub fn with_address(mut self, address: impl Into<String>) -> Self {
        let address = address.into();
        self.0.public_address = Some(address.clone());
        self.0.private_address = Some(address);
        self
    }

    /// Binds an endpoint, or an extra binding, to an address in a subnet, such
    /// as `10.1.2.3` in `10.1.2.0/24`. Without any binding, all follow from the
    /// unit's address; with one, others that are not stated have none.
    #[must_use]
    pub fn with_binding(mut self, name: impl Into<String>, address: &str, subnet: &str) -> Self {
        let info = NetworkInfo::of_device("eth0", "00:16:3e:00:00:01", address, subnet);
        self.0.network.get_or_insert_with(BTreeMap::new).insert(name.into(), info);
        self
    }

    /// Tells whether the state says only what a user of Juju can say of a unit
    /// that is yet to be installed; if not, what else it says.
    pub(crate) fn traces_of_a_charm(&self) -> Vec<&'static str> {
        let state = &self.0;
        let has_status = |status: &Option<Status>| {
            status.as_ref().is_some_and(|status| status.status != StatusValue::Unknown)
        };
        let unit = self.unit();
        let is_own = |secret: &SecretState| secret.is_managed_by(unit, true);
        let has_own_data = |relation: &RelationState| {
            !relation.own_data().is_empty() || !relation.own_application_data().is_empty()
        };
        let traces = [
            (has_status(&state.unit_status), "a status"),
            (has_status(&state.app_status), "a status of its application"),
            (!state.workload_version.is_empty(), "a workload version"),
            (!state.charm_state.is_empty(), "state of its charm"),
            (!state.leader_settings.is_empty(), "leader settings"),
            (!state.opened_ports.is_empty(), "open ports"),
            (state.relations.iter().any(has_own_data), "relation data of its own"),
            (state.secrets.iter().any(is_own), "secrets of its own"),
        ];
        traces.into_iter().filter(|(is_there, _)| *is_there).map(|(_, trace)| trace).collect()
    }
}
