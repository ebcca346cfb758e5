//! Following a run step by step.

use std::fmt::{self, Debug};

use serde::Serialize;

/// Follows a run step by step. [`Charm::tracer`](crate::Charm::tracer) takes one.
///
/// ```
/// use reactive_endpoints::{TraceEvent, Tracer};
///
/// /// Counts the handlers that run.
/// #[derive(Debug, Default)]
/// struct Count(usize);
///
/// impl Tracer for Count {
///     fn trace(&mut self, event: &TraceEvent<'_>) {
///         if let TraceEvent::Invoked { .. } = event {
///             self.0 += 1;
///         }
///     }
/// }
/// ```
pub trait Tracer: Debug {
    /// Takes note of one step.
    fn trace(&mut self, event: &TraceEvent<'_>);
}

/// One step of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TraceEvent<'a> {
    /// A run begins.
    Begun {
        /// What it is for: the name of a hook, `action NAME`, or `no hook`.
        run: &'a str,
    },
    /// A flag was set that was not, or cleared that was set.
    Flag {
        /// The flag.
        flag: &'a str,
        /// What has become of it.
        change: FlagChange,
    },
    /// A phase, or an iteration of the phase of flags, begins.
    Phase(Phase),
    /// It was tested whether a handler is due.
    Tested {
        /// The handler.
        handler: TracedHandler<'a>,
        /// When it is due, in words.
        when: &'a str,
        /// Why it does not run; nothing if it does.
        unmet: Option<&'a str>,
    },
    /// A handler has been taken out of those that were due, as its condition
    /// holds no longer.
    Dropped {
        /// The handler.
        handler: TracedHandler<'a>,
        /// Why it does not run.
        unmet: &'a str,
    },
    /// A handler runs.
    Invoked {
        /// The handler.
        handler: TracedHandler<'a>,
    },
    /// A handler has ended.
    Ended {
        /// The handler.
        handler: TracedHandler<'a>,
        /// The status that it shows, or the error that ends the run; nothing
        /// if it has done all that it does.
        failure: Option<String>,
    },
}

/// A handler, as a [`Tracer`] is told of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TracedHandler<'a> {
    /// Its name; several can have the same.
    pub name: &'a str,
    /// Its position among the handlers of the charm, from 0.
    pub position: usize,
}

/// What becomes of a flag.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "a flag has no third state")]
pub enum FlagChange {
    /// It is set now.
    Set,
    /// It is cleared now.
    Cleared,
}

/// A part of a run.
///
/// ```
/// use reactive_endpoints::Phase;
///
/// assert_eq!(Phase::Flags(1).to_string(), "flags, iteration 1");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// What comes after all handlers.
    End,
    /// The handlers of the event.
    Hook,
    /// The handlers of flags, in this iteration, counted from 0.
    Flags(usize),
    /// Handlers of a hook that Juju runs in a limited context.
    Restricted,
    /// What comes before all handlers.
    Start,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("after the handlers"),
            Self::Flags(iteration) => write!(f, "flags, iteration {iteration}"),
            Self::Hook => f.write_str("hook"),
            Self::Restricted => f.write_str("restricted hook"),
            Self::Start => f.write_str("before the handlers"),
        }
    }
}
