use std::collections::BTreeSet;

use juju_types::{ApplicationName, RelationScope, UnitName};

use super::{Life, Model};

impl Model {
    pub(crate) fn is_subordinate(&self, application: &ApplicationName) -> bool {
        let application = self.applications.get(application);
        application.is_some_and(|application| application.charm.metadata().subordinate)
    }

    /// Returns the subordinate units that are missing: each application, and
    /// the principal that its unit is to be beside.
    pub(crate) fn missing_subordinates(&self) -> Vec<(ApplicationName, UnitName)> {
        let mut missing = Vec::new();
        if !self.may_lack_subordinates {
            return missing;
        }
        for relation in self.relations.values() {
            if relation.scope != RelationScope::Container || relation.life != Life::Alive {
                continue;
            }
            let applications = relation.ends.iter().map(|end| &end.application);
            for application in applications.filter(|name| self.is_subordinate(name)) {
                let beside: BTreeSet<&UnitName> =
                    self.units_of(application).filter_map(|unit| unit.principal.as_ref()).collect();
                let principals = relation.members.keys().filter(|member| {
                    let unit = self.units.get(*member);
                    member.application() != application
                        && unit.is_some_and(|unit| unit.life == Life::Alive && !unit.is_extra)
                        && !beside.contains(member)
                });
                missing
                    .extend(principals.map(|principal| (application.clone(), principal.clone())));
            }
        }
        missing
    }

    /// Notes that something has changed which may call for subordinates.
    pub(crate) fn stir_subordinates(&mut self) {
        self.may_lack_subordinates = true;
    }

    /// Notes that no subordinate is missing.
    pub(crate) fn commit_subordinates(&mut self) {
        self.may_lack_subordinates = false;
    }

    /// Adds a unit to a subordinate application, beside another unit.
    pub(crate) fn add_subordinate(
        &mut self,
        application: &ApplicationName,
        principal: &UnitName,
    ) -> UnitName {
        let beside = self.unit(principal).clone();
        let unit = self.add_unit_on(application, beside.machine, Some(principal.clone()));
        self.connect_unit(&unit);
        let subordinate = self.unit_mut(&unit);
        subordinate.public_address = beside.public_address;
        subordinate.private_address = beside.private_address;
        unit
    }

    pub(crate) fn has_subordinates(&self, unit: &UnitName) -> bool {
        self.units.values().any(|other| other.principal.as_ref() == Some(unit))
    }

    /// Lets the subordinates go whose principals go, or that have lost the
    /// relation to them.
    pub(super) fn remove_lost_subordinates(&mut self) {
        let is_lost = |unit: &super::Unit| {
            let Some(principal) = &unit.principal else { return false };
            let is_held = self.relations.values().any(|relation| {
                let holds = |name: &UnitName| relation.endpoint_of(name.application()).is_some();
                relation.scope == RelationScope::Container
                    && relation.life == Life::Alive
                    && holds(principal)
                    && holds(&unit.name)
            });
            let is_going = self.units.get(principal).is_none_or(|unit| unit.life == Life::Dying);
            is_going || !is_held
        };
        let lost: Vec<UnitName> = self
            .units
            .values()
            .filter(|unit| is_lost(unit))
            .map(|unit| unit.name.clone())
            .collect();
        for unit in lost {
            self.unit_mut(&unit).life = Life::Dying;
        }
    }
}
