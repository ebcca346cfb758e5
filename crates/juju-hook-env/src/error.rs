//! Why a hook tool did not do what it was asked for.

use std::io;
use std::path::PathBuf;

use juju_types::JujuVersion;
use thiserror::Error;

use crate::agent::AgentError;
use crate::log_layer::chain;
use crate::tool::HookTool;

/// Why a hook tool did not do what it was asked for: one variant for each way
/// to react.
///
/// The agent's own words differ between Juju 2.9 and 4.x; they are recognised
/// here once and kept as `message`. What this crate refuses before anything is
/// sent has the same variants. No secret gets into a message; only
/// [`InvalidValue`](Self::InvalidValue) can quote what a user has set.
///
/// ```
/// use juju_hook_env::{HookTool, ToolAnswer, ToolError};
///
/// let answer = ToolAnswer::refusal(1, "ERROR this unit is not the leader\n");
/// let error = ToolError::from_refusal(HookTool::StatusSet, &answer, None);
/// assert!(matches!(error, ToolError::NotLeader { .. }));
/// assert_eq!(error.to_string(), "`status-set` is for the leader only: this unit is not the leader");
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ToolError {
    /// The agent cannot be reached, or did not answer. Unless the source says
    /// otherwise, it is not known whether the tool has run.
    #[error("no answer from `{tool}`")]
    Agent {
        /// The tool.
        tool: HookTool,
        /// Why there is no answer.
        source: AgentError,
    },
    /// The arguments break a rule. The charm is to be corrected.
    #[error("cannot call `{tool}`: {message}")]
    BadArgument {
        /// The tool.
        tool: HookTool,
        /// The argument and the rule.
        message: String,
    },
    /// It is in the way of something that is there already: a label, an
    /// overlapping range of ports, or a narrower grant.
    #[error("`{tool}` meets a conflict: {message}")]
    Conflict {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// The tool failed for a reason that has no variant of its own.
    #[error("`{tool}` failed with exit code {code}: {message}")]
    Failed {
        /// The tool.
        tool: HookTool,
        /// Its exit code.
        code: i32,
        /// The agent's words.
        message: String,
    },
    /// A config option or an action's parameter does not fit the type that the
    /// charm reads it as. The user is to be told.
    #[error("`{name}` is not valid: {message}")]
    InvalidValue {
        /// The tool.
        tool: HookTool,
        /// The name of the option or parameter, with dots where it is nested.
        name: String,
        /// What is wrong with the value.
        message: String,
    },
    /// The hook's `PATH` has no program for the tool, though this version of
    /// Juju should have one.
    #[error("`{tool}` is missing")]
    MissingProgram {
        /// The tool.
        tool: HookTool,
        /// Where it was looked for.
        source: AgentError,
    },
    /// The agent is not there, or does not, or no longer, know of this hook.
    /// Whatever still runs should end.
    #[error("`{tool}` was called outside a hook: {message}")]
    NoContext {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// What the tool was asked about does not exist.
    #[error("`{tool}` found nothing: {message}")]
    NotFound {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// The tool is for actions, and none is running.
    #[error("`{tool}` is for actions only: {message}")]
    NotInAction {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// This version of Juju does not have the tool.
    #[error("`{tool}` does not exist in {}", describe(version.as_ref()))]
    NotInThisVersion {
        /// The tool.
        tool: HookTool,
        /// The version, if the environment tells it.
        version: Option<JujuVersion>,
    },
    /// Only the leader may do this.
    #[error("`{tool}` is for the leader only: {message}")]
    NotLeader {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// The controller refuses: the application is not trusted, or what was
    /// asked for belongs to somebody else.
    #[error("`{tool}` is not permitted: {message}")]
    PermissionDenied {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// The tool does not work in this kind of hook or action.
    #[error("`{tool}` does not work here: {message}")]
    RestrictedContext {
        /// The tool.
        tool: HookTool,
        /// The agent's words.
        message: String,
    },
    /// The content of a secret could not be written to a file for the agent.
    #[error("cannot write the content for `{tool}` to a file below `{}`", folder.display())]
    SecretFile {
        /// The tool.
        tool: HookTool,
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// What the tool printed is not what it should print.
    #[error("cannot read what `{tool}` printed: expected {expected}, got {got}")]
    Unreadable {
        /// The tool.
        tool: HookTool,
        /// What it printed, or, where that can be secret, how much.
        got: String,
        /// What it should have printed.
        expected: String,
    },
}

impl ToolError {
    /// Returns the tool that was called, or would have been.
    pub fn tool(&self) -> HookTool {
        match self {
            Self::Agent { tool, .. }
            | Self::BadArgument { tool, .. }
            | Self::Conflict { tool, .. }
            | Self::Failed { tool, .. }
            | Self::InvalidValue { tool, .. }
            | Self::MissingProgram { tool, .. }
            | Self::NoContext { tool, .. }
            | Self::NotFound { tool, .. }
            | Self::NotInAction { tool, .. }
            | Self::NotInThisVersion { tool, .. }
            | Self::NotLeader { tool, .. }
            | Self::PermissionDenied { tool, .. }
            | Self::RestrictedContext { tool, .. }
            | Self::SecretFile { tool, .. }
            | Self::Unreadable { tool, .. } => *tool,
        }
    }

    pub(crate) fn from_agent(tool: HookTool, source: AgentError) -> Self {
        match source {
            AgentError::Missing { .. } => Self::MissingProgram { tool, source },
            // What the tool's program would say in its own words.
            gone if gone.is_agent_gone() => Self::NoContext { tool, message: chain(&gone) },
            source => Self::Agent { tool, source },
        }
    }

    pub(crate) fn bad_argument(tool: HookTool, message: impl Into<String>) -> Self {
        Self::BadArgument { tool, message: message.into() }
    }
}

fn describe(version: Option<&JujuVersion>) -> String {
    match version {
        Some(version) => format!("juju {version}"),
        None => "this version of juju".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_tool_and_say_what_the_agent_said() {
        use insta::assert_snapshot;

        let tool = HookTool::RelationGet;
        let message = || "words".to_owned();
        let missing = || AgentError::Missing { tool, search_path: "/a:/b".to_owned() };

        assert_snapshot!(ToolError::from_agent(tool, AgentError::Killed { tool, signal: 9 }), @"no answer from `relation-get`");
        assert_snapshot!(ToolError::bad_argument(tool, "words"), @"cannot call `relation-get`: words");
        assert_snapshot!(ToolError::Conflict { tool, message: message() }, @"`relation-get` meets a conflict: words");
        assert_snapshot!(ToolError::Failed { tool, code: 1, message: message() }, @"`relation-get` failed with exit code 1: words");
        assert_snapshot!(ToolError::InvalidValue { tool, name: "port".to_owned(), message: message() }, @"`port` is not valid: words");
        assert_snapshot!(ToolError::from_agent(tool, missing()), @"`relation-get` is missing");
        let other = AgentError::Other("no socket".into());
        assert_snapshot!(other, @"cannot reach the unit agent");
        assert_snapshot!(missing(), @"cannot find the program `relation-get` in `/a:/b`, which is the `PATH` of this hook");
        assert_snapshot!(ToolError::NoContext { tool, message: message() }, @"`relation-get` was called outside a hook: words");
        assert_snapshot!(ToolError::NotFound { tool, message: message() }, @"`relation-get` found nothing: words");
        assert_snapshot!(ToolError::NotInAction { tool, message: message() }, @"`relation-get` is for actions only: words");
        assert_snapshot!(ToolError::NotInThisVersion { tool, version: None }, @"`relation-get` does not exist in this version of juju");
        assert_snapshot!(
            ToolError::NotInThisVersion { tool, version: Some(JujuVersion::new(2, 9, 52)) },
            @"`relation-get` does not exist in juju 2.9.52"
        );
        assert_snapshot!(ToolError::NotLeader { tool, message: message() }, @"`relation-get` is for the leader only: words");
        assert_snapshot!(ToolError::PermissionDenied { tool, message: message() }, @"`relation-get` is not permitted: words");
        assert_snapshot!(ToolError::RestrictedContext { tool, message: message() }, @"`relation-get` does not work here: words");
        assert_snapshot!(
            ToolError::Unreadable { tool, got: "`x`".to_owned(), expected: "an object".to_owned() },
            @"cannot read what `relation-get` printed: expected an object, got `x`"
        );
    }
}
