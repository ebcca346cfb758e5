//! The units of which systemd has not said whether they are up.

use std::collections::BTreeSet;

use crate::systemd_unit_name::SystemdUnitName;

/// The units of which systemd has not said whether they are up, although it
/// was asked.
///
/// They are watched like the others, and what becomes of them next ends the
/// doubt. Until then, nothing is told of them.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    units: BTreeSet<SystemdUnitName>,
    /// Those of them that are to be asked about again.
    questions: BTreeSet<SystemdUnitName>,
    remarks: Vec<Remark>,
}

/// What the log is to say of a unit.
#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) unit: SystemdUnitName,
    pub(crate) text: String,
}

impl Doubts {
    /// What was asked about `units` is not answered, for this reason. That may
    /// be over soon, so it is asked again.
    pub(crate) fn refused(&mut self, units: &[SystemdUnitName], reason: &str) {
        self.questions.extend(units.iter().cloned());
        let are_new = units.iter().filter(|unit| self.units.insert((*unit).clone())).count();
        if let Some(unit) = units.first().filter(|_| are_new > 0) {
            let others = match units.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let text = format!("cannot ask about `{unit}`{others}: {reason}; asking again");
            self.remarks.push(Remark { unit: unit.clone(), text });
        }
    }

    /// What systemd says of `unit` is not understood, for this reason. To ask
    /// again would bring the same: systemd tells by itself when that changes.
    pub(crate) fn strange(&mut self, unit: &SystemdUnitName, reason: &str) {
        if self.units.insert(unit.clone()) {
            let text =
                format!("cannot tell whether `{unit}` is up: {reason}; waiting until it changes");
            self.remarks.push(Remark { unit: unit.clone(), text });
        }
    }

    /// Systemd has said whether `unit` is up.
    pub(crate) fn end(&mut self, unit: &SystemdUnitName) {
        self.units.remove(unit);
        self.questions.remove(unit);
    }

    /// Forgets the units that are not watched.
    pub(crate) fn retain(&mut self, is_watched: impl Fn(&SystemdUnitName) -> bool) {
        self.units.retain(&is_watched);
        self.questions.retain(is_watched);
    }

    pub(crate) fn contains(&self, unit: &SystemdUnitName) -> bool {
        self.units.contains(unit)
    }

    /// Tells whether `unit` is to be asked about again.
    pub(crate) fn asks(&self, unit: &SystemdUnitName) -> bool {
        self.questions.contains(unit)
    }

    /// Tells whether anything is to be asked again.
    pub(crate) fn has_questions(&self) -> bool {
        !self.questions.is_empty()
    }

    /// Returns the units to ask about again, once.
    pub(crate) fn take_questions(&mut self) -> Vec<SystemdUnitName> {
        std::mem::take(&mut self.questions).into_iter().collect()
    }

    /// Returns what the log does not say yet.
    pub(crate) fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(doubts: &mut Doubts) -> String {
        let remarks = doubts.take_remarks();
        remarks.into_iter().map(|remark| remark.text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn asks_again_and_remarks_it_once() {
        let units = ["a.service", "b.service"].map(|unit| unit.parse().unwrap());
        let mut doubts = Doubts::default();
        for _ in 0..3 {
            doubts.refused(&units, "`Busy`");
            assert_eq!(doubts.take_questions(), units);
            assert!(!doubts.has_questions());
        }
        assert!(doubts.contains(&units[0]));
        insta::assert_snapshot!(remarks(&mut doubts), @"cannot ask about `a.service` and 1 more: `Busy`; asking again");
        doubts.end(&units[0]);
        assert!(!doubts.contains(&units[0]));
        doubts.refused(&units[..1], "`Busy`");
        insta::assert_snapshot!(remarks(&mut doubts), @"cannot ask about `a.service`: `Busy`; asking again");
        doubts.retain(|unit| *unit == units[1]);
        assert!(!doubts.has_questions());
    }

    #[test]
    fn does_not_ask_again_for_what_it_does_not_understand() {
        let unit = "a.service".parse().unwrap();
        let mut doubts = Doubts::default();
        for _ in 0..3 {
            doubts.strange(&unit, "unknown state of a unit `new`");
        }
        assert!(doubts.contains(&unit) && !doubts.has_questions());
        insta::assert_snapshot!(remarks(&mut doubts), @"cannot tell whether `a.service` is up: unknown state of a unit `new`; waiting until it changes");
    }
}
