//! Why a program gave no good answer.

use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::output::Output;

/// Why a program gave no good answer.
///
/// Commands are shown without their secrets.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The program ended with another code than 0.
    #[error("`{command}` {}: {}", output.ending(), output.last_words())]
    Failed {
        /// The command line.
        command: String,
        /// What it printed and how it ended.
        output: Box<Output>,
    },
    /// The program cannot be watched or talked to while it runs.
    #[error("cannot follow `{command}`")]
    Follow {
        /// The command line.
        command: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The command itself breaks a rule.
    #[error("cannot run `{command}`: {rule}")]
    Invalid {
        /// The command line.
        command: String,
        /// The rule, with the culprit.
        rule: String,
    },
    /// There is no such program.
    #[error("cannot find the program `{program}`: install the package that brings it first")]
    NotFound {
        /// The program, as the command names it.
        program: String,
    },
    /// The program exists, but cannot be started.
    #[error("cannot start `{command}`")]
    Start {
        /// The command line.
        command: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The program did not end in time and was killed.
    #[error("`{command}` was killed because it did not end within {limit:?}: {}", output.last_words())]
    TimedOut {
        /// The command line.
        command: String,
        /// How long it was allowed to run.
        limit: Duration,
        /// What it printed until then.
        output: Box<Output>,
    },
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::CommandError;
    use crate::command::Command;
    use crate::output::Output;

    #[test]
    fn says_how_a_program_ended() {
        let command = Command::new("promtool").arg("check");
        let killed = Output { code: None, signal: Some(11), ..Output::success("") };
        insta::assert_snapshot!(command.failed(killed), @"`promtool check` was ended by signal 11: it printed nothing");
        let late = CommandError::TimedOut {
            command: command.to_string(),
            limit: Duration::from_millis(1500),
            output: Box::new(Output::success("half")),
        };
        insta::assert_snapshot!(late, @"`promtool check` was killed because it did not end within 1.5s: half");
    }

    #[test]
    fn says_what_to_do_about_a_missing_program() {
        insta::assert_snapshot!(
            CommandError::NotFound { program: "promtool".to_owned() },
            @"cannot find the program `promtool`: install the package that brings it first"
        );
    }
}
