use std::collections::BTreeMap;

use juju_types::UnitName;

use super::{Ids, Model, Step};

/// The units that may have something to do.
///
/// A unit that is not among them has nothing to do: it was asked, and nothing
/// that it looks at has changed since. So an operation costs the same however
/// many units rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Stirred {
    /// What each does next, if it was asked since it was stirred.
    units: BTreeMap<UnitName, Option<Step>>,
}

impl Stirred {
    /// Has a unit asked again what it does next.
    pub(super) fn stir(&mut self, unit: UnitName) {
        self.units.insert(unit, None);
    }

    /// Forgets a unit that is gone.
    pub(super) fn forget(&mut self, unit: &UnitName) {
        self.units.remove(unit);
    }
}

impl Model {
    /// Returns the first unit, by its name, that has something to do now, with
    /// what it does next.
    pub(crate) fn first_step(&mut self) -> Option<(UnitName, Step)> {
        loop {
            let (unit, known) = self.stirred.units.first_key_value()?;
            let unit = unit.clone();
            let step = known.clone().or_else(|| self.next_step(&unit));
            if let Some(step) = step {
                self.stirred.units.insert(unit.clone(), Some(step.clone()));
                return Some((unit, step));
            }
            self.stirred.units.remove(&unit);
        }
    }

    /// Chooses one of the units that have something to do now, and returns
    /// what it does next.
    pub(crate) fn choose_step(&mut self, order: &mut Ids) -> Option<(UnitName, Step)> {
        let mut stirred = std::mem::take(&mut self.stirred);
        stirred.units.retain(|unit, step| {
            *step = step.take().or_else(|| self.next_step(unit));
            step.is_some()
        });
        self.stirred = stirred;
        let units = &self.stirred.units;
        if units.is_empty() {
            return None;
        }
        let (unit, step) = units.iter().nth(order.choose(units.len()))?;
        Some((unit.clone(), step.clone()?))
    }
}

#[cfg(test)]
impl Model {
    /// Asks all units what they do next.
    pub(crate) fn steps_of_all(&self) -> Vec<(UnitName, Step)> {
        let step = |unit: &UnitName| Some((unit.clone(), self.next_step(unit)?));
        self.units.keys().filter_map(step).collect()
    }

    /// Asks the stirred units what they do next, as far as it is not known.
    pub(crate) fn steps_of_stirred(&self) -> Vec<(UnitName, Step)> {
        let step = |(unit, known): (&UnitName, &Option<Step>)| {
            Some((unit.clone(), known.clone().or_else(|| self.next_step(unit))?))
        };
        self.stirred.units.iter().filter_map(step).collect()
    }
}
