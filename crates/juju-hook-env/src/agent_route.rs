//! Which way hook tools are called.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The way on which a [`UnitAgent`](crate::UnitAgent) has hook tools run.
///
/// As text, in the variable `CHARM_AGENT`, the ways are `programs`, `socket`
/// and `socket-then-programs`.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum AgentRoute {
    /// By the tools' programs only, as [`ToolPrograms`](crate::ToolPrograms).
    Programs,
    /// Over the agent's socket only, as [`SocketAgent`](crate::SocketAgent).
    Socket,
    /// Over the socket, and by the programs if there is nobody to talk to.
    #[default]
    SocketThenPrograms,
}

impl AgentRoute {
    const ALL: [Self; 3] = [Self::Programs, Self::Socket, Self::SocketThenPrograms];
}

impl fmt::Display for AgentRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Programs => "programs",
            Self::Socket => "socket",
            Self::SocketThenPrograms => "socket-then-programs",
        })
    }
}

impl FromStr for AgentRoute {
    type Err = ParseAgentRouteError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|route| route.to_string() == text);
        found.ok_or_else(|| ParseAgentRouteError { text: text.to_owned() })
    }
}

/// The text is no [`AgentRoute`]; the message quotes it and names those there
/// are.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid way to the agent `{text}`: it must be `programs`, `socket` or `socket-then-programs`"
)]
pub struct ParseAgentRouteError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_gives_back_what_was_parsed() {
        for text in ["programs", "socket", "socket-then-programs"] {
            assert_eq!(text.parse::<AgentRoute>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_a_way_that_there_is_not() {
        insta::assert_snapshot!(
            "Socket".parse::<AgentRoute>().unwrap_err(),
            @"invalid way to the agent `Socket`: it must be `programs`, `socket` or `socket-then-programs`"
        );
    }
}
