//! What a single event finds that is not the next one of a unit's life.

use juju_types::{ApplicationName, Event, StatusKind, UnitName};

use super::{Life, Model, Progress};

impl Model {
    /// Has a unit begin its life anew: nothing has been run for it yet.
    pub(crate) fn begin_anew(&mut self, name: &UnitName) {
        let numbers: Vec<u32> = self.relations.keys().copied().collect();
        for number in numbers {
            if let Some(relation) = self.relation_mut(number) {
                relation.members.remove(name);
                relation.units.remove(name);
            }
        }
        let waiting = self.status(StatusKind::Waiting, "waiting for machine");
        let unit = self.unit_mut(name);
        unit.progress = Progress::default();
        unit.workload = waiting;
    }

    /// Brings about what Juju has done already when it runs an event.
    pub(crate) fn prepare_event(&mut self, name: &UnitName, event: &Event) {
        let Some(number) = event.relation().map(|context| context.id.number()) else { return };
        match event {
            Event::RelationBroken(_) => {
                if let Some(relation) = self.relation_mut(number) {
                    relation.life = Life::Dying;
                }
            }
            Event::RelationDeparted { unit, departing, .. } if departing.as_ref() != Some(name) => {
                self.leave_relation(number, unit);
            }
            _ => {}
        }
    }

    /// Takes away the units of an application that are only there to be seen.
    pub(crate) fn forget_extra_units(&mut self, application: &ApplicationName) {
        let extra = self.units_of(application).filter(|unit| unit.is_extra);
        let extra: Vec<UnitName> = extra.map(|unit| unit.name.clone()).collect();
        for unit in extra {
            self.take_unit(&unit);
        }
    }
}
