//! What follows at once from a change of a flag.

use std::any::{TypeId, type_name};
use std::fmt;
use std::rc::Rc;

use thiserror::Error;

use crate::flag::Flag;
use crate::flag::flags::Flags;
use crate::trace::FlagChange;

/// What follows at once, in the same moment, when a flag is set or cleared.
///
/// ```
/// use reactive_endpoints::{Flag, Trigger};
///
/// const CONFIGURED: Flag = Flag::new("exporter.configured");
/// const PUBLISHED: Flag = Flag::new("exporter.published");
///
/// // Nobody who only looks at flags later can miss that it was reconfigured.
/// let trigger = Trigger::on_clear(&CONFIGURED).clear(&PUBLISHED);
/// assert_eq!(trigger.to_string(), "on clear exporter.configured: clear exporter.published");
/// ```
///
/// A trigger also fires for a flag that was set before the trigger was
/// registered: in the same run, or in an earlier one by a charm that did not
/// have the trigger yet. (Python's does not.)
#[must_use]
pub struct Trigger {
    flag: Flag,
    change: FlagChange,
    effects: Vec<Effect>,
}

enum Effect {
    Call {
        name: &'static str,
        /// Which function it is, if no data of its own tell it from others.
        function: Option<TypeId>,
        callback: Rc<dyn Fn(&Flags)>,
    },
    Clear(Flag),
    Set(Flag),
}

impl Trigger {
    /// Begins a trigger that fires when a flag is set that was not.
    pub fn on_set(flag: &Flag) -> Self {
        Self { flag: flag.clone(), change: FlagChange::Set, effects: Vec::new() }
    }

    /// Begins a trigger that fires when a flag is cleared that was set.
    pub fn on_clear(flag: &Flag) -> Self {
        Self { flag: flag.clone(), change: FlagChange::Cleared, effects: Vec::new() }
    }

    /// Has it set another flag.
    pub fn set(mut self, flag: &Flag) -> Self {
        self.effects.push(Effect::Set(flag.clone()));
        self
    }

    /// Has it clear another flag.
    pub fn clear(mut self, flag: &Flag) -> Self {
        self.effects.push(Effect::Clear(flag.clone()));
        self
    }

    /// Has it call a function.
    pub fn call<F: Fn(&Flags) + 'static>(mut self, callback: F) -> Self {
        let function = (size_of::<F>() == 0).then(TypeId::of::<F>);
        let callback = Rc::new(callback);
        self.effects.push(Effect::Call { name: type_name::<F>(), function, callback });
        self
    }

    pub(crate) fn flag(&self) -> &Flag {
        &self.flag
    }

    pub(crate) fn change(&self) -> FlagChange {
        self.change
    }

    /// Returns the flags that it sets or clears, with what it does to each.
    pub(crate) fn effects(&self) -> impl Iterator<Item = (&Flag, FlagChange)> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Call { .. } => None,
            Effect::Clear(flag) => Some((flag, FlagChange::Cleared)),
            Effect::Set(flag) => Some((flag, FlagChange::Set)),
        })
    }

    /// Tells whether it is the very same as another. All closures of a function
    /// have one name, and those of one place may hold different data.
    fn is_same(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&Effect, &Effect)| match (one, other) {
            (Effect::Call { function: one, .. }, Effect::Call { function: other, .. }) => {
                one.is_some() && one == other
            }
            _ => true,
        };
        self.to_string() == other.to_string()
            && self.effects.iter().zip(&other.effects).all(is_same)
    }

    pub(crate) fn perform(&self, flags: &Flags) {
        for effect in &self.effects {
            match effect {
                Effect::Call { callback, .. } => callback(flags),
                Effect::Clear(flag) => flags.clear(flag),
                Effect::Set(flag) => flags.set(flag),
            }
        }
    }
}

impl fmt::Debug for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trigger({self})")
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = match self.change {
            FlagChange::Set => "set",
            FlagChange::Cleared => "clear",
        };
        write!(f, "on {on} {}:", self.flag)?;
        for (index, effect) in self.effects.iter().enumerate() {
            f.write_str(if index == 0 { " " } else { ", " })?;
            match effect {
                Effect::Call { name, .. } => write!(f, "call {name}")?,
                Effect::Clear(flag) => write!(f, "clear {flag}")?,
                Effect::Set(flag) => write!(f, "set {flag}")?,
            }
        }
        Ok(())
    }
}

/// The triggers of a run, in the order in which they were registered.
#[derive(Debug, Default)]
pub(crate) struct Triggers(Vec<Rc<Trigger>>);

impl Triggers {
    /// Adds a trigger, and returns it with a name that no other one has; returns
    /// nothing if the very same is there already.
    pub(crate) fn add(&mut self, trigger: Trigger) -> Option<(Rc<Trigger>, String)> {
        if self.0.iter().any(|other| other.is_same(&trigger)) {
            return None;
        }
        let text = trigger.to_string();
        let others = self.0.iter().filter(|other| other.to_string() == text).count();
        let name = if others == 0 { text } else { format!("{text} ({})", others + 1) };
        let trigger = Rc::new(trigger);
        self.0.push(Rc::clone(&trigger));
        Some((trigger, name))
    }

    /// Returns the flags that the triggers wait for.
    pub(crate) fn flags(&self) -> Vec<String> {
        self.0.iter().map(|trigger| trigger.flag.to_string()).collect()
    }

    pub(crate) fn of(&self, flag: &str, change: FlagChange) -> Vec<Rc<Trigger>> {
        let fires =
            |trigger: &&Rc<Trigger>| trigger.change == change && trigger.flag.as_str() == flag;
        self.0.iter().filter(fires).cloned().collect()
    }
}

/// Triggers fire one another without end.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("triggers fire one another without end; one of them is `{trigger}`")]
pub struct TriggerLoopError {
    trigger: String,
}

impl TriggerLoopError {
    pub(crate) fn of(trigger: &Trigger) -> Self {
        Self { trigger: trigger.to_string() }
    }
}
