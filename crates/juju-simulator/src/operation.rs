use std::fmt;
use std::time::Duration;

use juju_types::{ActionName, Event, UnitName};

use crate::cause::Cause;
use crate::change::Change;
use crate::exec::Exec;
use crate::fault::Fault;
use crate::log_line::LogLine;
use crate::tool_call::ToolCall;

/// One thing that the agent of a unit ran: a hook, an action, or what
/// `juju-exec` has asked for.
///
/// `Display` is a text that is the same in every run: it leaves the duration out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The unit.
    pub unit: UnitName,
    /// What was run.
    pub kind: OperationKind,
    /// Why it was run.
    pub cause: Cause,
    /// When it began by the virtual clock, from the beginning of the model.
    pub at: Duration,
    /// How long it took by the wall clock: the only part that differs between runs.
    pub duration: Duration,
    /// How the charm's process ended.
    pub exit: Exit,
    /// The hook tools that the charm called, in order.
    pub calls: Vec<ToolCall>,
    /// What is different in the model since. After a hook that has failed, that
    /// is what takes effect at once, such as its status: what was kept back for
    /// its end, and then dropped, is not here.
    pub changes: Vec<Change>,
    /// What the charm has logged and printed.
    pub log: Vec<LogLine>,
    /// What has gone wrong because the test wanted it so.
    pub faults: Vec<Fault>,
}

impl Operation {
    /// Writes unit, name, cause and end, without a line's end.
    pub(crate) fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.unit, self.kind, self.cause)?;
        if self.exit.is_success() { Ok(()) } else { write!(f, ": {}", self.exit) }
    }

    /// Writes a line for all that belongs to it, the data of its calls as well
    /// if that is wanted.
    pub(crate) fn write_body(&self, f: &mut fmt::Formatter<'_>, with_data: bool) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "  ! {fault}")?;
        }
        if let OperationKind::Exec(exec) = &self.kind {
            for line in exec.commands().lines() {
                writeln!(f, "  $ {line}")?;
            }
        }
        for call in &self.calls {
            writeln!(f, "  {call}")?;
            if with_data {
                call.write_data(f)?;
            }
        }
        for change in &self.changes {
            writeln!(f, "  * {change}")?;
        }
        for line in &self.log {
            writeln!(f, "  | {line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.unit, self.kind)?;
        if !self.exit.is_success() {
            write!(f, ": {}", self.exit)?;
        }
        writeln!(f)?;
        self.write_body(f, false)
    }
}

/// What an agent runs.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OperationKind {
    /// An action.
    Action {
        /// The number of the task.
        id: u32,
        /// The action.
        name: ActionName,
    },
    /// What `juju-exec` (before Juju 3, `juju-run`) has asked for.
    Exec(Exec),
    /// A hook.
    Hook(Event),
}

impl OperationKind {
    /// Tells whether it is run as `juju-exec` runs things: asked for on the
    /// machine, or as the action that Juju itself defines.
    pub(crate) fn is_exec(&self) -> bool {
        match self {
            Self::Action { name, .. } => matches!(name.as_str(), "juju-exec" | "juju-run"),
            Self::Exec(_) => true,
            Self::Hook(_) => false,
        }
    }

    /// Tells whether what it changes is kept when its process has ended so.
    /// Whatever a shell returns is an answer to `juju-exec`, and no failure.
    pub(crate) fn is_kept_after(&self, exit: &Exit) -> bool {
        exit.is_success() || self.is_exec() && matches!(exit, Exit::Code(_))
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action { name, .. } => name.fmt(f),
            Self::Exec(_) => f.write_str("juju-exec"),
            Self::Hook(event) => event.fmt(f),
        }
    }
}

/// How the process of a charm ended.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Exit {
    /// With this exit code.
    Code(i32),
    /// With 0, but the controller refuses what the charm has changed, for this
    /// reason; the operation has failed.
    FlushFailed(String),
    /// There is nothing to run: neither `dispatch` nor a file for the hook or
    /// action. A hook is passed over then; an action has failed.
    Missing,
    /// The process could not be started, for this reason.
    NotStarted(String),
    /// It called `juju-reboot --now`, and was killed for that. A hook is run
    /// again after the reboot.
    Rebooted,
    /// It was ended by this signal.
    Signal(i32),
    /// It took longer than the simulator's time limit, and was killed.
    TimeLimit(Duration),
}

impl Exit {
    pub(crate) const KILLED: Self = Self::Signal(9);

    /// Tells whether the operation counts as successful as far as the process
    /// is concerned.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Code(0) | Self::Missing)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit status {code}"),
            Self::FlushFailed(reason) => write!(f, "exit status 0, but cannot flush: {reason}"),
            Self::Missing => f.write_str("nothing to run"),
            Self::NotStarted(reason) => write!(f, "not started: {reason}"),
            Self::Rebooted => f.write_str("killed to reboot at once"),
            Self::Signal(signal) => write!(f, "ended by signal {signal}"),
            Self::TimeLimit(limit) => {
                write!(f, "killed after {limit:?}, the time limit of the simulator")
            }
        }
    }
}
