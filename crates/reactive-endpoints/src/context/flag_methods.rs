//! Flags, as handlers use them.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::trigger::Trigger;

impl Context {
    /// Sets a flag.
    pub fn set(&self, flag: impl Borrow<Flag>) {
        let flag = flag.borrow();
        self.groups.freshen_for(self, flag.as_str());
        self.flags.set(flag);
    }

    /// Sets a flag with a value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be written as JSON.
    pub fn set_with<T: Serialize + ?Sized>(&self, flag: impl Borrow<Flag>, value: &T) -> Result {
        let flag = flag.borrow();
        self.groups.freshen_for(self, flag.as_str());
        self.flags.set_with(flag, value)
    }

    /// Clears a flag.
    pub fn clear(&self, flag: impl Borrow<Flag>) {
        let flag = flag.borrow();
        self.groups.freshen_for(self, flag.as_str());
        self.flags.clear(flag);
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
        let flag = flag.borrow();
        self.endpoints.freshen_for(self, flag.as_str());
        self.groups.freshen_for(self, flag.as_str());
        self.flags.is_set(flag)
    }

    /// Tells whether one or more of the flags are set.
    pub fn any_set<F: Borrow<Flag>>(&self, flags: impl IntoIterator<Item = F>) -> bool {
        flags.into_iter().any(|flag| self.is_set(flag))
    }

    /// Tells whether all of the flags are set.
    pub fn all_set<F: Borrow<Flag>>(&self, flags: impl IntoIterator<Item = F>) -> bool {
        flags.into_iter().all(|flag| self.is_set(flag))
    }

    /// Returns all flags that are set, in order.
    pub fn flags(&self) -> BTreeSet<Flag> {
        self.endpoints.freshen_all(self);
        self.groups.freshen_all(self);
        self.flags.all_set()
    }

    /// Returns those of the flags that are not set, in order.
    pub fn unset_flags<F: Borrow<Flag>>(
        &self,
        flags: impl IntoIterator<Item = F>,
    ) -> BTreeSet<Flag> {
        let flags = flags.into_iter().map(|flag| flag.borrow().clone());
        flags.filter(|flag| !self.is_set(flag)).collect()
    }

    /// Returns the value of a flag that was [set with](Self::set_with) one.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`](crate::KvError) if the value does not fit `T`.
    pub fn flag_value<T: DeserializeOwned>(&self, flag: impl Borrow<Flag>) -> Result<Option<T>> {
        self.flags.value(flag)
    }

    /// Guards a function that must not be called before all of the flags are
    /// set.
    ///
    /// # Errors
    ///
    /// Returns an error that names the flags that are not set.
    pub fn not_unless<F: Borrow<Flag>>(&self, flags: impl IntoIterator<Item = F>) -> Result {
        let missing = self.unset_flags(flags);
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = missing.iter().map(Flag::as_str).collect();
        Err(format!("called before these flags are set: {}", names.join(", ")).into())
    }

    /// Registers a trigger for the rest of this run. Those for every run are
    /// registered with [`Charm::trigger`](crate::Charm::trigger).
    pub fn register_trigger(&self, trigger: Trigger) {
        self.groups.freshen_for(self, trigger.flag().as_str());
        self.flags.register(trigger);
    }
}
