//! The events that a handler is for.

use juju_types::Event;

use crate::handler::hook_pattern::HookPattern;

/// The events that a handler is for: one [`Event`], an array or a list of
/// them, or a [`HookPattern`].
///
/// # Panics
///
/// To make one of an [`Event::Action`] panics: an action is registered with
/// [`Charm::action`](crate::Charm::action).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Events(pub(crate) Vec<HookPattern>);

impl From<Event> for Events {
    fn from(event: Event) -> Self {
        Self(vec![HookPattern::of_event(&event)])
    }
}

impl<const N: usize> From<[Event; N]> for Events {
    fn from(events: [Event; N]) -> Self {
        Self(events.iter().map(HookPattern::of_event).collect())
    }
}

impl From<Vec<Event>> for Events {
    fn from(events: Vec<Event>) -> Self {
        Self(events.iter().map(HookPattern::of_event).collect())
    }
}

impl From<HookPattern> for Events {
    fn from(pattern: HookPattern) -> Self {
        Self(vec![pattern])
    }
}

impl<const N: usize> From<[HookPattern; N]> for Events {
    fn from(patterns: [HookPattern; N]) -> Self {
        Self(patterns.into())
    }
}
