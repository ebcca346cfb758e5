//! Why a call fails, and what that says about the command.

use std::io;

use thiserror::Error;

use crate::gob::ReadError;
use crate::protocol_error::{Fault, ProtocolError};

/// The refusal of a command that wants to read standard input and was called
/// without; all agents use this text.
pub const STDIN_REQUIRED: &str = "hook tool requires stdin, none supplied";

/// Why a call gave no [`Response`](crate::Response).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// An earlier call failed, and the connection with it. Connect again.
    #[error("the connection to the agent failed in an earlier call, connect again")]
    Broken,
    /// The agent sent what makes no sense here, or too much of it.
    #[error("cannot understand the agent's answer")]
    Protocol(#[source] ProtocolError),
    /// The whole request was sent, but no answer can be read.
    #[error("cannot read the agent's answer")]
    Receive(#[source] io::Error),
    /// The agent did not run the command, or stopped it; the text is the
    /// agent's own.
    #[error("the agent refused: {0}")]
    Refused(String),
    /// The request could not be sent as a whole.
    #[error("cannot send a request to the agent")]
    Send(#[source] io::Error),
    /// The standard input that the agent asked for cannot be read.
    #[error("cannot read the standard input that the command asks for")]
    Stdin(#[source] io::Error),
}

impl CallError {
    /// Returns whether the agent may have run the command, wholly or in part.
    ///
    /// If not, the command can be called in another way without running twice.
    ///
    /// ```
    /// use juju_agent_rpc::CallError;
    ///
    /// assert!(!CallError::Broken.may_have_run());
    /// assert!(!CallError::Refused("bad request: unknown command: nope".to_owned()).may_have_run());
    /// ```
    pub fn may_have_run(&self) -> bool {
        match self {
            // An agent acts on a request only when it has all of it.
            Self::Broken | Self::Send(_) | Self::Stdin(_) => false,
            Self::Protocol(_) | Self::Receive(_) => true,
            Self::Refused(text) => {
                // Tools read their standard input before they do anything.
                let is_before_running = text == STDIN_REQUIRED
                    || text.starts_with("bad request: ")
                    || text.starts_with("rpc: ");
                !is_before_running
            }
        }
    }

    pub(super) fn from_send(error: io::Error) -> Self {
        Self::Send(named_time_limit(error))
    }

    pub(super) fn from_receive(error: io::Error) -> Self {
        Self::Receive(named_time_limit(error))
    }
}

impl From<Fault> for CallError {
    fn from(fault: Fault) -> Self {
        Self::Protocol(fault.into())
    }
}

impl From<ReadError> for CallError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::from_receive(error),
            ReadError::Fault(fault) => fault.into(),
        }
    }
}

/// Says what it means that a blocking stream would block: the operating
/// system's own words would send nobody to the time limit.
fn named_time_limit(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            io::Error::new(io::ErrorKind::TimedOut, "the time limit has passed")
        }
        _ => error,
    }
}
