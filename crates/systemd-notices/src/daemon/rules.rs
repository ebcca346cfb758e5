//! The signals that the bus is asked for.

use std::collections::BTreeSet;

use crate::daemon::manager;
use crate::daemon::systemd::{Call, Calls};
use crate::systemd_unit_name::SystemdUnitName;

/// From this number of units on, the daemon asks for the changes of all units
/// and picks those of its own: the bus takes 512 rules from a connection.
const MANY: usize = 400;

/// From this number of units on, it hears of every unit that is loaded. Two
/// rules for each unit would be too many.
const SEVERAL: usize = 240;

/// The signals that the bus is asked for.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    in_force: BTreeSet<String>,
    /// Whether the bus has refused a rule for each unit.
    is_frugal: bool,
}

impl Rules {
    /// Asks for no rule for each unit from now on.
    pub(crate) fn save(&mut self) {
        self.is_frugal = true;
    }

    /// Asks for the signals of `units` that are missing, and for no more of
    /// those that are too many. The latter first, because the bus may be at its
    /// limit; the states that are read afterwards make up for what falls in
    /// between.
    ///
    /// The units are watched by so many `names`. That number tells what to ask
    /// for, and not the number of units, which changes with an alias: a rule
    /// for all units would go, and what they do until there is one for each
    /// would be lost.
    pub(crate) fn ask<'a>(
        &mut self,
        names: usize,
        units: impl Iterator<Item = &'a SystemdUnitName> + Clone,
    ) -> zbus::Result<Calls> {
        let wanted = self.wanted(names, units);
        let mut calls = Calls::new();
        for rule in self.in_force.difference(&wanted) {
            calls.push((manager::remove_match(rule)?, Call::Unanswered));
        }
        // If the bus takes the last, it has taken the others: its limit is on
        // their number.
        let mut missing: Vec<_> = wanted.difference(&self.in_force).collect();
        let last = missing.pop();
        for rule in missing {
            calls.push((manager::add_match_unanswered(rule)?, Call::Unanswered));
        }
        if let Some(rule) = last {
            calls.push((manager::add_match(rule)?, Call::AddMatch));
        }
        self.in_force = wanted;
        Ok(calls)
    }

    fn wanted<'a>(
        &self,
        names: usize,
        units: impl Iterator<Item = &'a SystemdUnitName> + Clone,
    ) -> BTreeSet<String> {
        let several = if self.is_frugal { 0 } else { SEVERAL };
        let many = if self.is_frugal { 0 } else { MANY };
        let mut rules = BTreeSet::from([manager::reloading_rule()]);
        if names < several {
            rules.extend(units.clone().map(|unit| manager::unit_new_rule(Some(unit))));
        } else {
            rules.insert(manager::unit_new_rule(None));
        }
        if names < many {
            rules.extend(units.map(|unit| manager::changed_rule(Some(unit))));
        } else {
            rules.insert(manager::changed_rule(None));
        }
        rules
    }
}
