//! Relations that Juju could not have made.

use std::collections::BTreeMap;

use juju_types::{EndpointDefinition, RelationRole, RelationScope};

use super::Check;
use crate::unit_state::relation_state::{RelationState, Settings};

impl Check<'_> {
    pub(super) fn relations(&mut self) {
        let mut ids: BTreeMap<u32, &RelationState> = BTreeMap::new();
        for relation in &self.state.0.relations {
            if let Some(other) = ids.insert(relation.id, relation) {
                let other = other.id();
                self.fault(format!("relation {}: {other} has the same id", relation.id()));
            }
            match self.charm.metadata().endpoint(&relation.endpoint) {
                Some(defined) => self.definition(relation, defined),
                None if relation.endpoint.as_str() == "juju-info" => {}
                None => {
                    let place = format!("relation {}", relation.id());
                    self.undefined(&place, "endpoint", relation.endpoint.as_str());
                }
            }
            self.parties(relation);
            self.published(relation);
        }
        self.counts();
    }

    fn definition(&mut self, relation: &RelationState, defined: &EndpointDefinition) {
        let id = relation.id();
        if relation.role.is_some_and(|role| role != defined.role) {
            self.fault(format!("relation {id}: the charm defines its role as {}", defined.role));
        }
        if relation.interface.as_ref().is_some_and(|interface| *interface != defined.interface) {
            let interface = &defined.interface;
            self.fault(format!("relation {id}: the charm defines its interface as `{interface}`"));
        }
        let units = relation.units().count();
        if defined.scope == RelationScope::Container && units > 1 {
            self.fault(format!(
                "relation {id}: in its container scope the unit sees one unit, not {units}"
            ));
        }
    }

    /// Checks who is on the other side.
    fn parties(&mut self, relation: &RelationState) {
        let (id, own) = (relation.id(), self.state.unit().clone());
        let defined = self.charm.metadata().endpoint(&relation.endpoint);
        let is_peer = relation.role_in(defined) == RelationRole::Peer;
        let remote = match (relation.application(), is_peer) {
            (Some(remote), true) if remote != own.application() => {
                self.fault(format!("relation {id}: peers have no other application `{remote}`"));
                return;
            }
            (None, false) => {
                self.fault(format!("relation {id}: it needs a remote application"));
                return;
            }
            (Some(remote), false) => remote.clone(),
            (_, true) => own.application().clone(),
        };
        for unit in relation.remote_units.keys() {
            if *unit == own {
                self.fault(format!("relation {id}: {unit} is the unit itself, and no remote one"));
            } else if *unit.application() != remote {
                self.fault(format!("relation {id}: {unit} is no unit of `{remote}`"));
            }
        }
        for member in relation.members.iter().flatten() {
            if !relation.remote_units.contains_key(member) {
                self.fault(format!("relation {id}: {member} is a member without any data"));
            }
        }
        if is_peer && !relation.application_data().is_empty() {
            self.fault(format!(
                "relation {id}: peers have no remote application that could publish data"
            ));
        }
    }

    /// Checks what the sides have published.
    fn published(&mut self, relation: &RelationState) {
        let own = self.state.unit();
        let mut bags: Vec<(String, &Settings)> = vec![
            (own.to_string(), relation.own_data()),
            (own.application().to_string(), relation.own_application_data()),
        ];
        if let Some(remote) = relation.application() {
            bags.push((remote.to_string(), relation.application_data()));
        }
        bags.extend(relation.remote_units.iter().map(|(unit, data)| (unit.to_string(), data)));
        let id = relation.id();
        for (party, data) in bags {
            for (key, value) in data {
                if key.is_empty() || key.contains('=') {
                    self.fault(format!(
                        "relation {id}: `{key}` is no key that {party} could publish"
                    ));
                }
                if value.is_empty() {
                    self.fault(format!(
                        "relation {id}: `{key}` of {party} is empty, and Juju deletes empty values"
                    ));
                }
            }
        }
    }

    /// Checks how many relations an endpoint has.
    fn counts(&mut self) {
        for (name, defined) in self.charm.metadata().endpoints() {
            let relations: Vec<&RelationState> = self.state.relations_of(name.as_str()).collect();
            if defined.role == RelationRole::Peer && relations.len() > 1 {
                self.fault(format!(
                    "endpoint {name}: peers have one relation, not {}",
                    relations.len()
                ));
            } else if let Some(limit) = defined.limit
                && relations.len() > usize::try_from(limit).unwrap_or(usize::MAX)
            {
                self.fault(format!(
                    "endpoint {name}: the charm limits it to {limit}, not {}",
                    relations.len()
                ));
            }
            for (index, relation) in relations.iter().enumerate() {
                let twin = relations[..index].iter().find(|other| {
                    other.application() == relation.application()
                        && other.remote_endpoint.is_some()
                        && other.remote_endpoint == relation.remote_endpoint
                });
                if let Some(twin) = twin {
                    let (id, twin) = (relation.id(), twin.id());
                    self.fault(format!("relation {id}: {twin} is between the same endpoints"));
                }
            }
        }
    }
}
