//! Whether a notice leaves out states that the unit went through.

use crate::daemon::seen::Seen;
use crate::daemon::told::Told;

/// The ups and downs of a unit since the charm was last told of it.
#[derive(Debug)]
pub(crate) struct Passage {
    /// Where the unit stands: what was told, and every change since.
    last: Told,
    changes: u32,
    /// Whether there were changes that nobody saw.
    is_hidden: bool,
    /// How many of the changes the notice is about that is being delivered.
    in_delivery: u32,
}

impl Passage {
    /// The unit stands where it was `told`.
    pub(crate) fn new(told: &Told) -> Self {
        Self { last: told.clone(), changes: 0, is_hidden: false, in_delivery: 0 }
    }

    /// The unit stood where it was `told` when another daemon began to tell of
    /// `in_delivery` changes, in a notice that leaves something out or not.
    pub(crate) fn resume(told: &Told, in_delivery: u32, merged: bool) -> Self {
        Self { is_hidden: merged, in_delivery, ..Self::new(told) }
    }

    /// Counts what has become of the unit since.
    pub(crate) fn note(&mut self, seen: &Seen) {
        let Some(is_up) = seen.is_up() else { return };
        let is_other_run = self.last.is_up && self.last.is_other_run(seen);
        let changes = match (self.last.is_up, is_up) {
            (true, true) if is_other_run => 2,
            (true, false) | (false, true) => 1,
            (true, true) | (false, false) => 0,
        };
        self.is_hidden |= is_other_run;
        self.changes = self.changes.saturating_add(changes);
        self.last.is_up = is_up;
        self.last.invocation = seen.invocation.or(self.last.invocation);
    }

    /// Begins to tell of `told` changes, after which `left` remain to be told.
    /// Returns whether that leaves something out.
    pub(crate) fn begin(&mut self, told: u32, left: u32) -> bool {
        self.in_delivery = if left == 0 { self.changes } else { told };
        self.is_hidden || self.changes > told + left
    }

    /// The notice was delivered: what it was about is told, and the unit was
    /// `told` then.
    pub(crate) fn end(&mut self, told: &Told) {
        if self.changes < self.in_delivery {
            // Only the daemon before has seen these changes.
            self.last = told.clone();
        }
        self.changes = self.changes.saturating_sub(self.in_delivery);
        self.is_hidden &= self.changes > 0;
    }
}
