//! The seam to the unit agent.

use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::tool::HookTool;
use crate::tool_answer::ToolAnswer;
use crate::tool_call::ToolCall;

/// Whoever runs hook tools for the charm.
///
/// Every call of a hook tool goes through this one method. Behind it stands
/// the unit's agent ([`UnitAgent`]), reached over its socket ([`SocketAgent`])
/// or by the tool programs ([`ToolPrograms`]), or in tests a double
/// ([`ScriptedAgent`]).
///
/// An implementation runs a call at most once, and does not judge what comes
/// back: a tool that refuses has answered.
///
/// [`ScriptedAgent`]: crate::ScriptedAgent
/// [`SocketAgent`]: crate::SocketAgent
/// [`ToolPrograms`]: crate::ToolPrograms
/// [`UnitAgent`]: crate::UnitAgent
pub trait Agent: Debug + Send + Sync {
    /// Runs a hook tool to its end and returns its answer.
    ///
    /// # Errors
    ///
    /// Returns an [`AgentError`] if there is no answer, because the tool could
    /// not be reached or did not end as it should.
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError>;
}

impl<T: Agent + ?Sized> Agent for Arc<T> {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        (**self).call(call)
    }
}

/// Why there is no answer to a call of a hook tool.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The tool's program is there but cannot be started. It has not run.
    #[error("cannot start `{}`", program.display())]
    CannotStart {
        /// The program.
        program: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The tool was started or its call was sent, but what became of it is not known.
    #[error("lost the answer of `{tool}`")]
    Lost {
        /// The tool.
        tool: HookTool,
        /// What the operating system says.
        source: io::Error,
    },
    /// The tool's program was killed by a signal.
    #[error("`{tool}` was killed by signal {signal}")]
    Killed {
        /// The tool.
        tool: HookTool,
        /// The number of the signal.
        signal: i32,
    },
    /// There is no program of the tool's name where the hook looks for
    /// programs. It has not run.
    #[error(
        "cannot find the program `{tool}` in `{search_path}`, which is the `PATH` of this hook"
    )]
    Missing {
        /// The tool.
        tool: HookTool,
        /// The folders that were searched, as in the variable `PATH`.
        search_path: String,
    },
    /// The hook's variables name no unix socket of the agent. The tool has not
    /// run.
    #[error("the variables of this hook name no unix socket of the agent")]
    NoSocket,
    /// An agent of another kind failed in its own way.
    #[error("cannot reach the unit agent")]
    Other(#[source] Box<dyn Error + Send + Sync>),
    /// A [`ScriptedAgent`](crate::ScriptedAgent) was not told what to answer.
    #[error("unexpected call `{call}`; {known}")]
    Unexpected {
        /// The call as it may be shown.
        call: String,
        /// The calls that are answered.
        known: String,
    },
    /// Nobody listens at the agent's socket, or nobody who speaks as an agent
    /// does. The tool has not run.
    #[error("cannot reach an agent at `{}`", address.display())]
    Unreachable {
        /// The socket, as the variable has it.
        address: PathBuf,
        /// What the operating system says, or what is wrong with the answer.
        source: io::Error,
    },
}

impl AgentError {
    /// Returns whether the tool may have run, wholly or in part.
    ///
    /// If not, the call can be made in another way without running twice.
    pub fn may_have_run(&self) -> bool {
        match self {
            Self::CannotStart { .. }
            | Self::Missing { .. }
            | Self::NoSocket
            | Self::Unexpected { .. }
            | Self::Unreachable { .. } => false,
            Self::Killed { .. } | Self::Lost { .. } | Self::Other(_) => true,
        }
    }

    /// Whether the agent is not there any more, or never was.
    pub(crate) fn is_agent_gone(&self) -> bool {
        match self {
            Self::NoSocket => true,
            Self::Unreachable { source, .. } => {
                matches!(source.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound)
            }
            _ => false,
        }
    }
}
