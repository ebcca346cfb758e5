//! Which relation hooks a unit has yet to run.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{Event, RelationScope, UnitName};

use super::{Life, Model, Relation, Unit};

/// What a unit's charm knows of a relation that it is in.
#[derive(Clone, Debug, Default)]
pub(crate) struct RelationProgress {
    /// The remote units, with the version of their data that the charm has
    /// seen; none between joined and changed.
    pub(crate) members: BTreeMap<UnitName, Option<u64>>,
    /// The version of the remote application's data that the charm has seen.
    pub(crate) application: u64,
}

impl Model {
    /// Returns the next relation-created of a unit.
    pub(super) fn relation_created_event(&self, unit: &Unit) -> Option<Event> {
        let new = self.relations.values().find(|relation| {
            relation.life == Life::Alive
                && unit.life == Life::Alive
                && !unit.progress.relations.contains_key(&relation.id)
                && is_for(relation, unit)
        });
        new?.context(unit.name.application()).map(Event::RelationCreated)
    }

    /// Returns the next of all other relation hooks of a unit; those among
    /// peers come last.
    pub(super) fn relation_event(&self, unit: &Unit) -> Option<Event> {
        let known = || unit.progress.relations.keys().filter_map(|id| self.relations.get(id));
        let others = known().filter(|relation| !relation.is_peer());
        let peers = known().filter(|relation| relation.is_peer());
        others.chain(peers).find_map(|relation| event_in(relation, unit))
    }

    /// Lets a unit enter or leave a relation as its hook begins, and returns
    /// the version of the data that the hook is about.
    pub(super) fn begin_relation_hook(&mut self, name: &UnitName, event: &Event) -> Option<u64> {
        let number = event.relation()?.id.number();
        if matches!(event, Event::RelationCreated(_)) {
            self.enter_relations(name);
            return None;
        }
        let unit = self.units.get(name)?;
        let relation = self.relations.get(&number)?;
        match event {
            Event::RelationDeparted { .. } | Event::RelationBroken(_)
                if is_leaving(relation, unit) =>
            {
                // The others see it go now; what it writes from here on is lost.
                self.leave_relation(number, name);
                None
            }
            Event::RelationChanged { unit: Some(remote), .. } => {
                relation.units.get(remote).map(|bag| bag.version)
            }
            Event::RelationChanged { unit: None, .. } => Some(application_version(relation, name)),
            _ => None,
        }
    }

    /// Has a unit enter all relations that it belongs into. Juju does so before
    /// the hook of the first of them.
    fn enter_relations(&mut self, name: &UnitName) {
        let Some(unit) = self.units.get(name) else { return };
        let principal = unit.principal.clone().unwrap_or_else(|| name.clone());
        let entered = self.relations.values().filter(|relation| {
            relation.life == Life::Alive
                && is_for(relation, unit)
                && !relation.members.contains_key(name)
        });
        let entered: Vec<_> = entered
            .filter_map(|relation| {
                let endpoint = relation.endpoint_of(name.application())?;
                Some((relation.id, self.network_settings(name, endpoint)))
            })
            .collect();
        for (number, settings) in entered {
            self.enter_relation(number, name, &principal, Some(settings));
            if self.is_leader(name) {
                self.set_relation_status(number, "joined");
            }
        }
    }

    /// Notes what the charm has learned from a relation hook that has succeeded.
    pub(super) fn commit_relation_hook(
        &mut self,
        name: &UnitName,
        event: &Event,
        version: Option<u64>,
    ) {
        let Some(number) = event.relation().map(|relation| relation.id.number()) else { return };
        if matches!(event, Event::RelationBroken(_)) && self.is_leader(name) {
            self.set_relation_status(number, "broken");
        }
        let relations = &mut self.unit_mut(name).progress.relations;
        match event {
            Event::RelationBroken(_) => {
                relations.remove(&number);
                self.forget_dead_relations();
            }
            Event::RelationCreated(_) => {
                relations.entry(number).or_default();
            }
            _ => {
                let Some(known) = relations.get_mut(&number) else { return };
                match event {
                    Event::RelationChanged { unit: Some(remote), .. } => {
                        known.members.insert(remote.clone(), Some(version.unwrap_or_default()));
                    }
                    Event::RelationChanged { unit: None, .. } => {
                        known.application = version.unwrap_or_default();
                    }
                    Event::RelationDeparted { unit: remote, .. } => {
                        known.members.remove(remote);
                    }
                    Event::RelationJoined { unit: remote, .. } => {
                        known.members.insert(remote.clone(), None);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Has a unit know all that is in its relations, as if it had run their hooks.
    pub(crate) fn settle_relations(&mut self, name: &UnitName) {
        let Some(unit) = self.units.get(name) else { return };
        let own = self.relations.values().filter(|relation| is_for(relation, unit));
        let own: Vec<u32> = own.map(|relation| relation.id).collect();
        for number in own {
            self.enter_relation(number, name, name, None);
            let relation = &self.relations[&number];
            let version = |unit: &UnitName| relation.units.get(unit).map_or(0, |bag| bag.version);
            let members = relation.remote_members(name);
            let members = members.map(|member| (member.clone(), Some(version(member)))).collect();
            let application = application_version(relation, name);
            let progress = RelationProgress { members, application };
            self.unit_mut(name).progress.relations.insert(number, progress);
        }
    }

    /// Removes the relations that are to go and that no unit is in any more.
    pub(super) fn forget_dead_relations(&mut self) {
        let dying = self.relations.values().filter(|relation| relation.life == Life::Dying);
        let dead = dying.filter(|relation| !self.is_in_use(relation));
        let dead: Vec<u32> = dead.map(|relation| relation.id).collect();
        for number in dead {
            self.forget_relation(number);
            let by_it = |by: &Option<u32>| *by == Some(number);
            let granted =
                self.secrets.iter().filter(|(_, secret)| secret.grants.values().any(by_it));
            let granted: Vec<String> = granted.map(|(id, _)| id.clone()).collect();
            for id in granted {
                if let Some(secret) = self.secret_mut(&id) {
                    secret.grants.retain(|_, by| !by_it(by));
                }
            }
        }
    }

    /// Tells whether some unit has yet to leave a relation.
    fn is_in_use(&self, relation: &Relation) -> bool {
        let mut units = relation.ends.iter().flat_map(|end| self.units_of(&end.application));
        units.any(|unit| !unit.is_extra && unit.progress.relations.contains_key(&relation.id))
    }
}

/// Tells whether a unit belongs into a relation.
fn is_for(relation: &Relation, unit: &Unit) -> bool {
    let application = unit.name.application();
    // A subordinate sees only the principal that it is beside.
    let is_near = match &unit.principal {
        Some(principal) if relation.scope == RelationScope::Container && !relation.is_peer() => {
            relation.remote_application(application) == principal.application()
        }
        _ => true,
    };
    is_near && relation.endpoint_of(application).is_some()
}

/// Tells whether a unit has to leave a relation.
fn is_leaving(relation: &Relation, unit: &Unit) -> bool {
    unit.life == Life::Dying || relation.life == Life::Dying
}

fn application_version(relation: &Relation, unit: &UnitName) -> u64 {
    let remote = relation.remote_application(unit.application());
    relation.applications.get(remote).map_or(0, |bag| bag.version)
}

/// Returns the next hook of a unit in one relation that was created for it.
fn event_in(relation: &Relation, unit: &Unit) -> Option<Event> {
    let known = unit.progress.relations.get(&relation.id)?;
    let context = relation.context(unit.name.application())?;
    let is_leaving = is_leaving(relation, unit);
    let visible: BTreeSet<&UnitName> =
        relation.remote_members(&unit.name).filter(|_| !is_leaving).collect();

    if let Some(gone) = known.members.keys().find(|member| !visible.contains(member)) {
        let departing = if unit.life == Life::Dying { &unit.name } else { gone };
        let departing = Some(departing.clone());
        return Some(Event::RelationDeparted { relation: context, unit: gone.clone(), departing });
    }
    if is_leaving {
        return (!relation.is_peer()).then_some(Event::RelationBroken(context));
    }
    let changed =
        |unit: Option<UnitName>| Event::RelationChanged { relation: context.clone(), unit };
    if let Some((joined, _)) = known.members.iter().find(|(_, version)| version.is_none()) {
        return Some(changed(Some(joined.clone())));
    }
    if application_version(relation, &unit.name) != known.application {
        return Some(changed(None));
    }
    if let Some(new) = visible.iter().find(|member| !known.members.contains_key(**member)) {
        return Some(Event::RelationJoined { relation: context, unit: (*new).clone() });
    }
    let has_changed = |(member, seen): &(&UnitName, &Option<u64>)| {
        **seen != Some(relation.units.get(*member).map_or(0, |bag| bag.version))
    };
    known.members.iter().find(has_changed).map(|(member, _)| changed(Some(member.clone())))
}
