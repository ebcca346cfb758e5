//! Following a run step by step.

use std::fmt::Debug;

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
    /// A flag was set that was not, or cleared that was set.
    Flag {
        /// The flag.
        flag: &'a str,
        /// What has become of it.
        change: FlagChange,
    },
    /// A phase, or an iteration of the phase of flags, begins.
    Phase(Phase),
    /// The condition of a handler was tested.
    Tested {
        /// The name of the handler.
        handler: &'a str,
        /// Why it does not run; nothing if it does.
        unmet: Option<&'a str>,
    },
    /// A handler has been taken out of those that were due, as its condition
    /// holds no longer.
    Dropped {
        /// The name of the handler.
        handler: &'a str,
        /// Why it does not run.
        unmet: &'a str,
    },
    /// A handler runs.
    Invoked {
        /// The name of the handler.
        handler: &'a str,
    },
    /// A handler has ended.
    Ended {
        /// The name of the handler.
        handler: &'a str,
        /// The status that it shows, or the error that ends the run; nothing
        /// if it has done all that it does.
        failure: Option<String>,
    },
}

/// What becomes of a flag.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "a flag has no third state")]
pub enum FlagChange {
    /// It is set now.
    Set,
    /// It is cleared now.
    Cleared,
}

/// A part of a run.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Phase {
    /// The handlers of the event.
    Hook,
    /// The handlers of flags, in this iteration, counted from 0.
    Flags(usize),
    /// Handlers of a hook that Juju runs in a limited context.
    Restricted,
}
