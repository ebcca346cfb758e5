//! What a charm does, and when.

pub(crate) mod dispatcher;
pub(crate) mod events;
pub(crate) mod handler_id;
pub(crate) mod hook_pattern;

use std::any::type_name;
use std::fmt;

use juju_types::ActionName;

use crate::condition::Condition;
use crate::context::Context;
use crate::failure::Result;
use crate::handler::handler_id::HandlerId;
use crate::handler::hook_pattern::HookPattern;

/// The function of a handler.
type Action<S> = Box<dyn Fn(&mut S, &Context) -> Result>;

/// What a charm does, and when.
pub(crate) struct Handler<S> {
    pub(crate) name: String,
    pub(crate) when: When,
    action: Action<S>,
}

/// When a handler runs.
#[derive(Debug)]
pub(crate) enum When {
    /// In this action.
    Action(ActionName),
    /// In these hooks, before all handlers of flags.
    Event(Vec<HookPattern>),
    /// Whenever its condition holds.
    Flags(Condition),
}

impl When {
    /// Tells whether the handler is due.
    pub(crate) fn holds(&self, cx: &Context, handler: HandlerId) -> bool {
        match self {
            Self::Action(name) => cx.action() == Some(name),
            Self::Event(patterns) => cx.any_hook(patterns),
            Self::Flags(condition) => condition.unmet(cx, handler).is_none(),
        }
    }

    /// Returns why the handler is not due, or nothing if it is.
    pub(crate) fn unmet(&self, cx: &Context, handler: HandlerId) -> Option<String> {
        match self {
            Self::Flags(condition) => condition.unmet(cx, handler),
            _ => (!self.holds(cx, handler)).then(|| format!("it is not the {self}")),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(name) => write!(f, "action {name}"),
            Self::Event(patterns) => {
                let patterns: Vec<String> = patterns.iter().map(HookPattern::to_string).collect();
                write!(f, "hook {}", patterns.join(" or "))
            }
            Self::Flags(condition) => condition.fmt(f),
        }
    }
}

impl<S> Handler<S> {
    pub(crate) fn new<F: Fn(&mut S, &Context) -> Result + 'static>(when: When, action: F) -> Self {
        Self::named(short_name::<F>(), when, action)
    }

    pub(crate) fn named(
        name: String,
        when: When,
        action: impl Fn(&mut S, &Context) -> Result + 'static,
    ) -> Self {
        Self { name, when, action: Box::new(action) }
    }

    pub(crate) fn invoke(&self, charm: &mut S, cx: &Context) -> Result {
        (self.action)(charm, cx)
    }
}

impl<S> fmt::Debug for Handler<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler")
            .field("name", &self.name)
            .field("when", &self.when)
            .finish_non_exhaustive()
    }
}

/// Returns the name of a function, with the last part of the path before it:
/// `Exporter::configure` of `exporter::charm::Exporter::configure`. A closure
/// goes by the function that it is in.
pub(crate) fn short_name<F>() -> String {
    const CLOSURE: &str = "{{closure}}";
    let full = type_name::<F>();
    // A generic argument has `::` in it, too.
    let path = &full[..full.find('<').unwrap_or(full.len())];
    let names: Vec<&str> = path.split("::").filter(|name| *name != CLOSURE).collect();
    let name = names[names.len().saturating_sub(2)..].join("::");
    if path.ends_with(CLOSURE) { format!("{name} (closure)") } else { name }
}
