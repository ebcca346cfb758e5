use std::os::unix::net::UnixStream;
use std::sync::mpsc::SyncSender;

use juju_agent_rpc::{Request, Response};

/// Everything that can happen while a charm's process runs.
#[derive(Debug)]
pub(super) enum Incident {
    /// A hook tool is called, and waits for the answer.
    Call { connection: Connection, request: Request, reply: SyncSender<Result<Response, String>> },
    /// A connection was closed by its peer.
    Closed(Connection),
    /// The process has ended.
    Exited,
    /// A connection was made.
    Opened(Connection, UnixStream),
    /// The charm's end of one of its two outputs was closed.
    OutputClosed,
}

/// One connection to the agent's socket.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Connection(pub(super) u64);
