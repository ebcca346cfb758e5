//! Flags that are not set by the charm, but follow from what Juju says.

pub(crate) mod config_changes;
pub(crate) mod config_default_flags;
pub(crate) mod config_flags;
pub(crate) mod config_memory;
pub(crate) mod leader_flag;
pub(crate) mod leader_settings_flags;
pub(crate) mod python_config_file;
pub(crate) mod series_upgrade_flag;

use std::cell::Cell;
use std::fmt::Debug;

use crate::context::Context;
use crate::failure::Result;

/// Flags that follow from what Juju says. They are brought up to date when
/// somebody looks at one of them, so that they cost nothing otherwise.
pub(crate) trait FlagGroup: Debug {
    /// Tells whether a flag is one of the group.
    fn contains(&self, flag: &str) -> bool;

    /// Tells whether the flags change in this run, whoever looks at them.
    fn is_due(&self, _cx: &Context) -> bool {
        false
    }

    /// Tells whether this version of Juju has what the flags follow from.
    fn exists(&self, _cx: &Context) -> bool {
        true
    }

    /// Sets and clears the flags. It is called once in a run.
    fn manage(&self, cx: &Context) -> Result;

    /// Clears the flags that are not to outlive the run. It is called only if
    /// the flags were brought up to date.
    fn end(&self, _cx: &Context) -> Result {
        Ok(())
    }
}

/// All groups that a charm has, during one run.
#[derive(Debug)]
pub(crate) struct FlagGroups(Vec<Slot>);

#[derive(Debug)]
struct Slot {
    group: Box<dyn FlagGroup>,
    is_managed: Cell<bool>,
}

impl FlagGroups {
    pub(crate) fn new(groups: impl IntoIterator<Item = Box<dyn FlagGroup>>) -> Self {
        let slots = groups.into_iter().map(|group| Slot { group, is_managed: Cell::new(false) });
        Self(slots.collect())
    }

    /// Brings the groups up to date that change in this run, or on whose flags
    /// a trigger waits: it must not depend on anybody's looking at them.
    pub(crate) fn begin(&self, cx: &Context) -> Result {
        let triggers = cx.run().triggers.borrow().flags();
        for slot in &self.0 {
            if slot.group.is_due(cx) || triggers.iter().any(|flag| slot.group.contains(flag)) {
                slot.freshen(cx)?;
            }
        }
        Ok(())
    }

    /// Tells whether a flag is one of a group.
    pub(crate) fn contains(&self, flag: &str) -> bool {
        self.0.iter().any(|slot| slot.group.contains(flag))
    }

    /// Brings the group up to date that a flag belongs to, if it is one's.
    pub(crate) fn freshen_for(&self, cx: &Context, flag: &str) {
        for slot in self.0.iter().filter(|slot| slot.group.contains(flag)) {
            slot.freshen_or_fail(cx);
        }
    }

    pub(crate) fn freshen_all(&self, cx: &Context) {
        for slot in self.0.iter().filter(|slot| slot.group.exists(cx)) {
            slot.freshen_or_fail(cx);
        }
    }

    /// Clears what is not to outlive the run.
    pub(crate) fn end(&self, cx: &Context) -> Result {
        self.0.iter().filter(|slot| slot.is_managed.get()).try_for_each(|slot| slot.group.end(cx))
    }
}

impl Slot {
    fn freshen_or_fail(&self, cx: &Context) {
        if let Err(failure) = self.freshen(cx) {
            cx.run().fail(failure);
        }
    }

    fn freshen(&self, cx: &Context) -> Result {
        // Set first: what follows may look at a flag of the group itself.
        if self.is_managed.replace(true) { Ok(()) } else { self.group.manage(cx) }
    }
}
