//! Juju's log.

use std::fmt;

use super::Juju;
use crate::agent::Agent;
use crate::error::ToolError;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// How much a line in Juju's log matters.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these levels and no other")]
pub enum LogLevel {
    /// The least that matters.
    Trace,
    /// For those who look for a fault.
    Debug,
    /// For everybody.
    Info,
    /// Something is odd.
    Warning,
    /// Something went wrong.
    Error,
    /// Everything went wrong.
    Critical,
}

impl LogLevel {
    /// Returns Juju's word for the level.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Juju {
    /// Writes a message to Juju's log, at once, also if the hook fails.
    ///
    /// A message that is too long for the tool comes as several, none of which
    /// cuts a character in two; an empty one is not sent.
    ///
    /// Wraps the hook tool [`juju-log`]. Mostly the macros of the crate
    /// `tracing` are more to the point, see [`with_juju_log`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju refuses or there is no answer.
    ///
    /// [`juju-log`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/juju-log/
    /// [`with_juju_log`]: crate::with_juju_log
    pub fn juju_log(&self, level: LogLevel, message: &str) -> Result<(), ToolError> {
        send(&self.agent, level, message)
    }
}

/// Writes a message to Juju's log without a [`Juju`].
pub(crate) fn send(agent: &dyn Agent, level: LogLevel, message: &str) -> Result<(), ToolError> {
    let tool = HookTool::JujuLog;
    // No argument can hold a NUL, and a log line must not fail for one.
    let message = message.replace('\0', "\u{2400}");
    for piece in pieces(&message) {
        let call = ToolCall::new(tool, ["-l", level.as_str(), "--", piece]);
        let answer = agent.call(&call).map_err(|error| ToolError::from_agent(tool, error))?;
        if answer.code != 0 {
            return Err(ToolError::from_refusal(tool, &answer, None));
        }
    }
    Ok(())
}

/// Splits text into arguments that a Linux program can be given.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(rest.floor_char_boundary(LONGEST_ARGUMENT));
        rest = after;
        Some(piece)
    })
}

/// The kernel's limit for one argument, less the NUL that ends it, in bytes.
const LONGEST_ARGUMENT: usize = 128 * 1024 - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_limit_and_between_characters() {
        #[track_caller]
        fn check(text: &str, lengths: &[usize]) {
            assert_eq!(pieces(text).map(str::len).collect::<Vec<_>>(), lengths);
            assert_eq!(pieces(text).collect::<String>(), text);
        }

        check("", &[]);
        check("a", &[1]);
        check(&"a".repeat(131_071), &[131_071]);
        check(&"a".repeat(131_072), &[131_071, 1]);
        check(&"😀".repeat(40_000), &[131_068, 28_932]);
    }
}
