//! The flags that every endpoint has.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{Event, RelationId};

use crate::endpoint::Endpoint;
use crate::endpoint::received::ReceivedData;
use crate::endpoint::related_unit::RelatedUnit;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::flag::interest::Interest;
use crate::state::data_digest::{DataDigest, key_of};

/// Keeps the flags that every endpoint has: `joined`, `changed`, `changed.KEY`
/// and `departed` as Python has them, and, where the charm looks at them,
/// `removed[.KEY]`, `app-changed[.KEY]` and `updated`.
pub(crate) struct AutomaticFlags<'a> {
    endpoint: &'a Endpoint,
    interest: &'a Interest,
}

impl<'a> AutomaticFlags<'a> {
    pub(crate) fn of(endpoint: &'a Endpoint, interest: &'a Interest) -> Self {
        Self { endpoint, interest }
    }

    /// Brings all of them up to date, and notes a unit that departs.
    pub(crate) fn manage(&self) -> Result {
        let endpoint = self.endpoint;
        let event = endpoint.own_event();
        let was_joined = endpoint.is_flag_set("joined");
        if let Some(Event::RelationDeparted { relation, unit, .. }) = &event {
            let relation = endpoint.relation(&relation.id);
            endpoint.all_departed_units()?.append_once(RelatedUnit::new(&relation, unit))?;
        }
        let is_joined = endpoint.is_joined()?;
        endpoint.toggle_flag("joined", is_joined);
        match &event {
            Some(Event::RelationDeparted { .. }) => {
                endpoint.set_flag("departed");
                self.update();
            }
            _ if is_joined => endpoint.clear_flag("departed"),
            _ => {}
        }
        if let Some(Event::RelationJoined { .. }) = &event {
            self.update();
        }
        // Data change in the endpoint's own hooks only; and the first time
        // ever, if the charm has just begun to look.
        if event.is_some() || !was_joined {
            self.notice_changes()?;
            self.prune_digests(event.as_ref())?;
        }
        Ok(())
    }

    fn notice_changes(&self) -> Result {
        let endpoint = self.endpoint;
        for unit in &endpoint.all_joined_units()? {
            let (relation, name) = (unit.relation().relation_id(), unit.unit_name());
            let id = format!("endpoint.{}.{relation}.{name}.", endpoint.endpoint_name());
            let received = unit.received()?;
            for key in self.changed_keys(&id, &received)? {
                endpoint.set_flag("changed");
                endpoint.set_flag(&format!("changed.{key}"));
                self.update();
            }
            for key in self.removed_keys(&id, &received) {
                endpoint.kept_digests().set(&key_of(&format!("{id}{key}")), None);
                self.set_if_wanted("removed");
                self.set_if_wanted(&format!("removed.{key}"));
                self.update();
            }
        }
        if self.looks_at_applications() {
            for relation in &endpoint.relations()? {
                self.notice_application(relation)?;
            }
        }
        Ok(())
    }

    fn notice_application(&self, relation: &Relation) -> Result {
        let Some(received) = relation.received_app()? else { return Ok(()) };
        let id = format!("charmwright.{}.app.", relation.relation_id());
        let changed = self.changed_keys(&id, &received)?;
        let removed = self.removed_keys(&id, &received);
        for key in &removed {
            self.endpoint.kept_digests().set(&key_of(&format!("{id}{key}")), None);
        }
        for key in changed.iter().chain(&removed) {
            self.set_if_wanted("app-changed");
            self.set_if_wanted(&format!("app-changed.{key}"));
            self.update();
        }
        Ok(())
    }

    fn looks_at_applications(&self) -> bool {
        let name = self.endpoint.endpoint_name();
        self.interest.contains_prefix(&format!("endpoint.{name}.app-changed"))
            || self.interest.contains(&format!("endpoint.{name}.updated"))
    }

    fn changed_keys(&self, id: &str, received: &ReceivedData) -> Result<Vec<String>> {
        let mut changed = Vec::new();
        for key in received.raw().keys() {
            let digest = DataDigest::of(&received.json(key))?;
            if digest.update(self.endpoint.kept_digests(), &format!("{id}{key}")) {
                changed.push(key.clone());
            }
        }
        Ok(changed)
    }

    /// Returns the keys that were there when the data were last looked at.
    fn removed_keys(&self, id: &str, received: &ReceivedData) -> Vec<String> {
        let known = self.endpoint.kept_digests().range(&key_of(id)).into_keys();
        known.filter(|key| !received.raw().contains_key(key)).collect()
    }

    /// Forgets the digests of units that are neither joined nor among the
    /// departed ones that the charm has yet to deal with.
    fn prune_digests(&self, event: Option<&Event>) -> Result {
        let endpoint = self.endpoint;
        let mut kept: BTreeMap<RelationId, BTreeSet<String>> = BTreeMap::new();
        let departed = endpoint.all_departed_units()?.to_list();
        for unit in endpoint.all_joined_units()?.iter().chain(departed.iter()) {
            let units = kept.entry(unit.relation().relation_id().clone()).or_default();
            units.insert(unit.unit_name().to_string());
        }
        let state = endpoint.kept_digests();
        let prefix = key_of(&format!("endpoint.{}.", endpoint.endpoint_name()));
        for rest in state.range(&prefix).into_keys() {
            // `RELATION.UNIT.KEY`; what cannot be read was not written by an endpoint.
            let mut parts = rest.splitn(3, '.');
            let (Some(relation), Some(unit)) = (parts.next(), parts.next()) else { continue };
            let Ok(relation) = relation.parse::<RelationId>() else { continue };
            if !kept.get(&relation).is_some_and(|units| units.contains(unit)) {
                state.set(&format!("{prefix}{rest}"), None);
            }
        }
        if let Some(Event::RelationBroken(relation)) = event {
            let id = key_of(&format!("charmwright.{}.app.", relation.id));
            for rest in state.range(&id).into_keys() {
                state.set(&format!("{id}{rest}"), None);
            }
        }
        Ok(())
    }

    fn update(&self) {
        self.set_if_wanted("updated");
    }

    fn set_if_wanted(&self, flag: &str) {
        if self.interest.contains(&self.endpoint.expand_name(flag)) {
            self.endpoint.set_flag(flag);
        }
    }
}
