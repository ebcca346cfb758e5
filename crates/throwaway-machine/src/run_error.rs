//! Why a command has not done what it should.

use std::{io, time::Duration};

/// Why a command has not done what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// It has ended with another code than 0, where 0 was asked for.
    #[error("`{command}` has failed with {}: {stderr}", code_text(*.code))]
    Failed {
        /// The command.
        command: String,
        /// Its exit code, unless a signal has ended it.
        code: Option<i32>,
        /// What it has written to its standard error.
        stderr: String,
    },
    /// It cannot be started, or its output cannot be read.
    #[error("cannot run `{command}`")]
    Io {
        /// The command.
        command: String,
        /// Why it cannot be run.
        source: io::Error,
    },
    /// It has not ended in time, and was killed.
    #[error("`{command}` has not ended within {limit:?}: {stderr}")]
    TimedOut {
        /// The command.
        command: String,
        /// The time limit.
        limit: Duration,
        /// What it has written to its standard error until then.
        stderr: String,
    },
}

fn code_text(code: Option<i32>) -> String {
    code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"))
}
