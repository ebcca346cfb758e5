//! What kind of run it is.

use juju_hook_env::HookEnv;
use juju_types::{Event, EventName};

use crate::charm::hook_subject::HookSubject;

/// What Juju runs the charm for, seen from afar.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum RunKind {
    /// An action.
    Action,
    /// A hook that Juju does not define.
    CustomEvent,
    /// A command of `juju-exec` that names no event.
    Exec,
    /// A hook of Juju's own.
    Hook,
    /// A hook in a limited context: `collect-metrics` and
    /// `meter-status-changed`, up to Juju 3.6.9. Only handlers of these events
    /// run. They can look at flags and stored data, and what they change is not
    /// kept.
    Restricted,
}

impl RunKind {
    pub(crate) fn of(env: &HookEnv) -> Self {
        match env.event() {
            Some(Event::Action(_)) => Self::Action,
            Some(Event::CollectMetrics | Event::MeterStatusChanged) => Self::Restricted,
            Some(Event::Custom(_)) => Self::CustomEvent,
            Some(_) => Self::Hook,
            None => Self::Exec,
        }
    }

    /// Tells what a run for a hook of that name would be.
    pub(crate) fn of_hook(name: &str) -> Self {
        match name {
            "collect-metrics" | "meter-status-changed" => Self::Restricted,
            _ if HookSubject::of(name).is_some() => Self::Hook,
            // Only what Juju does not define can be the name of an event.
            _ if name.parse::<EventName>().is_ok() => Self::CustomEvent,
            _ => Self::Hook,
        }
    }
}
