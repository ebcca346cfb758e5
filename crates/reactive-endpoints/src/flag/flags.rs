//! The flags of a unit.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::trigger::{Trigger, TriggerLoopError};
use crate::run::Run;
use crate::state::kv::Kv;
use crate::trace::FlagChange;

/// The keys of flags begin with it.
const PREFIX: &str = "reactive.states.";

/// The flags of a unit: those that are set, each maybe with a value.
///
/// A change is seen at once, fires the triggers of its flag, and is kept when
/// the run succeeds. [`Context`](crate::Context) has the same methods for
/// handlers; this is what the callbacks of triggers are given.
#[derive(Clone, Debug)]
pub struct Flags(Rc<Run>);

impl Flags {
    pub(crate) fn new(run: Rc<Run>) -> Self {
        Self(run)
    }

    /// Sets a flag.
    pub fn set(&self, flag: impl Borrow<Flag>) {
        self.set_text(flag.borrow().as_str(), "null".to_owned());
    }

    /// Sets a flag with a value that can be [read](Self::value).
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be written as JSON.
    pub fn set_with<T: Serialize + ?Sized>(&self, flag: impl Borrow<Flag>, value: &T) -> Result {
        let value = python_json::to_string_in_order(value)?;
        self.set_text(flag.borrow().as_str(), value);
        Ok(())
    }

    /// Clears a flag.
    pub fn clear(&self, flag: impl Borrow<Flag>) {
        let flag = flag.borrow().as_str();
        let key = key_of(flag);
        if self.0.state.contains(&key) {
            self.0.state.set(&key, None);
            self.0.watch.note(flag, FlagChange::Cleared);
            self.fire(flag, FlagChange::Cleared);
        }
    }

    /// Sets a flag or clears it.
    pub fn toggle(&self, flag: impl Borrow<Flag>, should_be_set: bool) {
        if should_be_set {
            self.set(flag);
        } else {
            self.clear(flag);
        }
    }

    /// Tells whether a flag is set.
    pub fn is_set(&self, flag: impl Borrow<Flag>) -> bool {
        self.0.state.contains(&key_of(flag.borrow().as_str()))
    }

    /// Returns the value of a flag that was [set with](Self::set_with) one.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`](crate::KvError) if the value does not fit `T`.
    pub fn value<T: DeserializeOwned>(&self, flag: impl Borrow<Flag>) -> Result<Option<T>> {
        let value: Option<Option<T>> = self.kv().get(&key_of(flag.borrow().as_str()))?;
        Ok(value.flatten())
    }

    /// Returns all flags that are set, in order.
    pub fn all_set(&self) -> BTreeSet<Flag> {
        self.0.state.range(PREFIX).into_keys().map(Flag::of_data).collect()
    }

    /// Returns the stored data, for callbacks that keep something.
    pub fn kv(&self) -> Kv {
        Kv::new(Rc::clone(&self.0))
    }

    /// Registers a trigger for the rest of the run.
    pub(crate) fn register(&self, trigger: Trigger) {
        let Some((trigger, name)) = self.0.triggers.borrow_mut().add(trigger) else { return };
        let flag = trigger.flag().as_str();
        let is_set = self.0.state.contains(&key_of(flag));
        let is_new = self.note_trigger(name);
        let is_late = is_new || self.0.watch.was_set_now(flag);
        if trigger.change() == FlagChange::Set && is_set && is_late {
            self.perform(&trigger);
        }
    }

    fn set_text(&self, flag: &str, value: String) {
        let key = key_of(flag);
        let is_new = !self.0.state.contains(&key);
        self.0.state.set(&key, Some(value));
        if is_new {
            self.0.watch.note(flag, FlagChange::Set);
            self.fire(flag, FlagChange::Set);
        }
    }

    fn fire(&self, flag: &str, change: FlagChange) {
        // Its own list, as a callback may register another trigger.
        let triggers = self.0.triggers.borrow().of(flag, change);
        for trigger in triggers {
            self.perform(&trigger);
        }
    }

    fn perform(&self, trigger: &Rc<Trigger>) {
        let allowed = self.0.watch.nested(|| trigger.perform(self));
        if !allowed {
            self.0.fail(TriggerLoopError::of(trigger).into());
        }
    }

    /// Notes that a trigger is known to the unit; tells whether it was not.
    /// What a Python charm knew cannot be told: then all are taken as known.
    fn note_trigger(&self, name: String) -> bool {
        const KEY: &str = "charmwright.triggers";
        let kept = self.0.state.get(KEY);
        let mut known: BTreeSet<String> =
            kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        if !known.insert(name) {
            return false;
        }
        let text = python_json::to_string(&known).expect("a list of texts can be written");
        self.0.state.set(KEY, Some(text));
        !self.0.state.is_of_python()
    }
}

fn key_of(flag: &str) -> String {
    format!("{PREFIX}{flag}")
}
