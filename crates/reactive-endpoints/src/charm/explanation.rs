//! Which handlers ran, and why.

use std::fmt;

use serde::Serialize;

use crate::trace::{FlagChange, Phase};

/// Which handlers of a charm ran in one run, in which iteration, and why, and
/// why others did not; see [`Explainer`](crate::Explainer).
///
/// `Display` is a text that is the same in every run in which the same happens,
/// fit for a snapshot.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What the charm ran for: the name of a hook, `action NAME`, or `no hook`.
    pub run: String,
    /// What came one after the other. Phases without any step are left out.
    pub phases: Vec<ExplainedPhase>,
}

/// One phase of a run, or one iteration of the phase of flags.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplainedPhase {
    /// Which one.
    pub phase: Phase,
    /// Flags that were changed by no handler: at the end of an iteration and
    /// the beginning of the next by endpoints, and by their triggers.
    pub flags: Vec<ExplainedFlag>,
    /// The handlers that were looked at: in a later iteration, only those for
    /// which something had changed.
    pub handlers: Vec<ExplainedHandler>,
}

/// What came of one handler in one iteration.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplainedHandler {
    /// Its name.
    pub name: String,
    /// Its position among the handlers of the charm, from 0.
    pub position: usize,
    /// When it runs, in words.
    pub when: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The flags that it has changed, and those that have changed with them.
    pub flags: Vec<ExplainedFlag>,
}

/// What came of a handler.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Its turn was due, and the run has ended before; or it is a preview.
    Due,
    /// It was due, until another handler has changed this.
    Dropped(String),
    /// It did not run, for this reason.
    NotDue(String),
    /// It ran to its end.
    Ran,
    /// It ran, and ended with this status or error.
    Stopped(String),
}

/// A change of a flag.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplainedFlag {
    /// The flag.
    pub flag: String,
    /// What has become of it.
    pub change: FlagChange,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.run)?;
        self.phases.iter().try_for_each(|phase| phase.fmt(f))
    }
}

impl fmt::Display for ExplainedPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:", self.phase)?;
        self.flags.iter().try_for_each(|flag| writeln!(f, "  {flag}"))?;
        self.handlers.iter().try_for_each(|handler| handler.fmt(f))
    }
}

impl fmt::Display for ExplainedHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, when, outcome, flags, .. } = self;
        match outcome {
            Outcome::Due => writeln!(f, "  {name} is due: {when}")?,
            Outcome::Dropped(unmet) => writeln!(f, "  {name} is no longer due: {unmet}")?,
            Outcome::NotDue(unmet) => writeln!(f, "  {name} is not due: {unmet}")?,
            Outcome::Ran => writeln!(f, "  {name} ran: {when}")?,
            Outcome::Stopped(with) => writeln!(f, "  {name} ran: {when}; it ended with `{with}`")?,
        }
        flags.iter().try_for_each(|flag| writeln!(f, "    {flag}"))
    }
}

impl fmt::Display for ExplainedFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.change {
            FlagChange::Set => write!(f, "set {}", self.flag),
            FlagChange::Cleared => write!(f, "cleared {}", self.flag),
        }
    }
}
