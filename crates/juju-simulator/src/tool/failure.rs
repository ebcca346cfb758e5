//! How a tool fails.

use std::fmt;

/// Why a tool gives no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// The tool ran and failed: exit code 1.
    Failed(String),
    /// The call only asks for these options: no failure to Juju, exit code 0.
    Help(String),
    /// The call has to be made again with standard input.
    StdinRequired,
    /// The arguments are wrong: exit code 2.
    Usage(String),
}

impl Failure {
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) | Self::Help(text) | Self::Usage(text) => f.write_str(text),
            Self::StdinRequired => f.write_str(juju_agent_rpc::STDIN_REQUIRED),
        }
    }
}
