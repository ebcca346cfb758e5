use std::fmt;

use serde_json::{Map, Value};

/// What came of an action.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ActionOutcome {
    /// The number of the task.
    pub id: u32,
    /// How it ended.
    pub status: ActionStatus,
    /// Why it failed; else empty.
    pub message: String,
    /// What the charm has set with `action-set`, and what the agent adds:
    /// `return-code`, and `stdout` and `stderr` if the charm printed anything.
    pub results: Map<String, Value>,
    /// The lines of `action-log`.
    pub log: Vec<String>,
}

/// How an action ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ActionStatus {
    /// It was stopped before its end.
    Aborted,
    /// It did what it should.
    Completed,
    /// It failed, or was not started at all.
    Failed,
}

impl fmt::Display for ActionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aborted => "aborted",
            Self::Completed => "completed",
            Self::Failed => "failed",
        })
    }
}
