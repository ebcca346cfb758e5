//! Which flags change during a run.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::trace::{FlagChange, TraceEvent, Tracer};

/// Notes which flags change, for the dispatcher to see whose turn it is.
#[derive(Debug, Default)]
pub(crate) struct FlagWatch {
    /// Changed since the dispatcher last asked.
    changed: RefCell<BTreeSet<String>>,
    /// Set in this run, and still set.
    set: RefCell<BTreeSet<String>>,
    /// Whether a flag was cleared since the dispatcher last asked.
    cleared: Cell<bool>,
    /// How many triggers are firing one another.
    depth: Cell<usize>,
    tracer: RefCell<Option<Box<dyn Tracer>>>,
}

impl FlagWatch {
    /// How many triggers may fire one another.
    const MAX_DEPTH: usize = 100;

    pub(crate) fn note(&self, flag: &str, change: FlagChange) {
        self.changed.borrow_mut().insert(flag.to_owned());
        match change {
            FlagChange::Set => {
                self.set.borrow_mut().insert(flag.to_owned());
            }
            FlagChange::Cleared => {
                self.set.borrow_mut().remove(flag);
                self.cleared.set(true);
            }
        }
        self.trace(&TraceEvent::Flag { flag, change });
    }

    pub(crate) fn take_changed(&self) -> BTreeSet<String> {
        self.changed.take()
    }

    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.borrow().is_empty()
    }

    pub(crate) fn take_cleared(&self) -> bool {
        self.cleared.take()
    }

    pub(crate) fn was_set_now(&self, flag: &str) -> bool {
        self.set.borrow().contains(flag)
    }

    /// Runs `fire` one level deeper; tells whether that was allowed.
    pub(crate) fn nested(&self, fire: impl FnOnce()) -> bool {
        if self.depth.get() >= Self::MAX_DEPTH {
            return false;
        }
        self.depth.set(self.depth.get() + 1);
        fire();
        self.depth.set(self.depth.get() - 1);
        true
    }

    pub(crate) fn set_tracer(&self, tracer: Option<Box<dyn Tracer>>) {
        *self.tracer.borrow_mut() = tracer;
    }

    /// Tells whether anybody follows the run.
    pub(crate) fn is_traced(&self) -> bool {
        self.tracer.try_borrow().is_ok_and(|tracer| tracer.is_some())
    }

    pub(crate) fn trace(&self, event: &TraceEvent<'_>) {
        // A tracer that comes back here would wait for itself: it is passed over.
        if let Ok(mut tracer) = self.tracer.try_borrow_mut()
            && let Some(tracer) = &mut *tracer
        {
            tracer.trace(event);
        }
    }
}
