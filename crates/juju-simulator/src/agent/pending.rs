//! What is kept back until a charm's process has succeeded.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{EndpointName, PortRange, StorageName, UnitName};

use super::HookContext;
use super::pending_relations::PendingRelations;
use super::pending_secrets::PendingSecrets;
use crate::fault::Fault;
use crate::model::OpenedPorts;

/// The most that the charm's state may take in the controller's database, in
/// bytes, unless the controller's own setting says otherwise.
const MAX_CHARM_STATE: usize = 2 * 1024 * 1024;

/// Changes that wait for the end of the process.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) relations: PendingRelations,
    pub(super) secrets: PendingSecrets,
    storage: Vec<(StorageName, u32)>,
    ports: Vec<PortChange>,
    /// The entries to be written, or to be deleted.
    charm_state: BTreeMap<String, Option<String>>,
}

#[derive(Debug)]
enum PortChange {
    Close { range: PortRange, endpoint: Option<EndpointName> },
    Open { range: PortRange, endpoint: Option<EndpointName> },
}

/// An open range that is in the way of another.
#[derive(Debug)]
pub(crate) struct PortConflict {
    pub(crate) range: PortRange,
    pub(crate) unit: UnitName,
    /// It was opened in this hook.
    pub(crate) is_pending: bool,
}

impl HookContext<'_> {
    /// Returns the charm's state with what is kept back.
    pub(crate) fn charm_state(&self) -> BTreeMap<String, String> {
        self.charm_state_with(&self.pending.charm_state)
    }

    fn charm_state_with(
        &self,
        pending: &BTreeMap<String, Option<String>>,
    ) -> BTreeMap<String, String> {
        let mut state = self.unit().charm_state.clone();
        apply_state(&mut state, pending);
        state
    }

    /// Keeps back an entry of the charm's state, or that it is to be deleted.
    pub(crate) fn set_charm_state(&mut self, key: String, value: Option<String>) {
        self.pending.charm_state.insert(key, value);
    }

    /// Returns the open ports with what is kept back.
    pub(crate) fn opened_ports(&self) -> OpenedPorts {
        let mut ports = self.unit().ports.clone();
        apply_ports(&mut ports, &self.pending.ports);
        ports
    }

    /// Keeps back that a range of ports is to be opened. The error is the range
    /// that is in the way.
    pub(crate) fn open_port(
        &mut self,
        range: PortRange,
        endpoints: &BTreeSet<Option<EndpointName>>,
    ) -> Result<(), PortConflict> {
        if let Some(conflict) = self.port_conflict(range) {
            return Err(conflict);
        }
        let change = |endpoint: &Option<_>| PortChange::Open { range, endpoint: endpoint.clone() };
        self.pending.ports.extend(endpoints.iter().map(change));
        Ok(())
    }

    /// Keeps back that a range of ports is to be closed. The error is an open
    /// range that is only partly the same.
    pub(crate) fn close_port(
        &mut self,
        range: PortRange,
        endpoints: &BTreeSet<Option<EndpointName>>,
    ) -> Result<(), PortConflict> {
        let ports = self.opened_ports();
        if let Some(other) = ports.conflict(range).filter(|_| !ports.contains(range)) {
            let is_pending = !self.unit().ports.contains(other);
            return Err(PortConflict { range: other, unit: self.unit_name.clone(), is_pending });
        }
        let change = |endpoint: &Option<_>| PortChange::Close { range, endpoint: endpoint.clone() };
        self.pending.ports.extend(endpoints.iter().map(change));
        Ok(())
    }

    /// Keeps back that storage is to be added.
    pub(crate) fn add_storage(&mut self, storage: Vec<(StorageName, u32)>) {
        self.pending.storage.extend(storage);
    }

    /// Sends what was kept back. The error says what the controller refuses:
    /// unknown storage, an application's data from a unit that is no longer the
    /// leader, too much data of a relation, or too much state, together with all
    /// else; or something about secrets, before which the rest has been sent.
    pub(crate) fn flush(&mut self) -> Result<(), String> {
        let pending = std::mem::take(&mut self.pending);
        if self.faults.strike(&Fault::FailFlush) {
            return Err("simulated fault".to_owned());
        }
        let is_unknown = |name: &&StorageName| !self.model.knows_storage(&self.unit_name, name);
        if let Some(name) = pending.storage.iter().map(|(name, _)| name).find(is_unknown) {
            // It is refused in one step with all but the secrets.
            let name = crate::go::quote(name.as_str());
            return Err(format!("adding storage: charm storage {name} not found"));
        }
        self.check_leadership(&pending.relations)?;
        self.check_relation_data(&pending.relations)?;
        self.check_charm_state(&pending.charm_state)?;
        self.flush_relations(&pending.relations);
        let unit = self.model.unit_mut(&self.unit_name);
        apply_ports(&mut unit.ports, &pending.ports);
        apply_state(&mut unit.charm_state, &pending.charm_state);
        if !pending.storage.is_empty() {
            let due = self.model.storage_due.entry(self.unit_name.clone());
            due.or_default().extend(pending.storage);
        }
        self.flush_secrets(pending.secrets)
    }

    /// Checks that the charm's state does not become too much. The error says so
    /// as the controller does.
    fn check_charm_state(&self, pending: &BTreeMap<String, Option<String>>) -> Result<(), String> {
        if pending.is_empty() || stored_bytes(&self.charm_state_with(pending)) <= MAX_CHARM_STATE {
            return Ok(());
        }
        Err(format!("persisting charm state: max allowed size ({MAX_CHARM_STATE}) exceeded"))
    }

    fn port_conflict(&self, range: PortRange) -> Option<PortConflict> {
        let own = &self.unit().ports;
        if let Some(range) = own.conflict(range) {
            return Some(PortConflict { range, unit: self.unit_name.clone(), is_pending: false });
        }
        let machine = &self.unit().machine;
        let neighbours = self.model.units.values().filter(|other| {
            other.name != self.unit_name && machine.is_some() && other.machine == *machine
        });
        for neighbour in neighbours {
            let mut open = neighbour.ports.iter().map(|(open, _)| open);
            if let Some(range) = open.find(|open| open.overlaps(&range)) {
                return Some(PortConflict {
                    range,
                    unit: neighbour.name.clone(),
                    is_pending: false,
                });
            }
        }
        let range = self.opened_ports().conflict(range)?;
        Some(PortConflict { range, unit: self.unit_name.clone(), is_pending: true })
    }
}

fn apply_state(state: &mut BTreeMap<String, String>, pending: &BTreeMap<String, Option<String>>) {
    for (key, value) in pending {
        match value {
            Some(value) => state.insert(key.clone(), value.clone()),
            None => state.remove(key),
        };
    }
}

/// Returns how many bytes entries take in the controller's database, which
/// stores them as a document of BSON.
fn stored_bytes(state: &BTreeMap<String, String>) -> usize {
    let entry = |(key, value): (&String, &String)| key.len() + value.len() + 7;
    state.iter().map(entry).sum::<usize>() + 5
}

fn apply_ports(ports: &mut OpenedPorts, pending: &[PortChange]) {
    for change in pending {
        match change {
            PortChange::Close { range, endpoint } => {
                ports.close(*range, endpoint.as_ref());
            }
            PortChange::Open { range, endpoint } => {
                ports.open(*range, endpoint.clone());
            }
        }
    }
}
