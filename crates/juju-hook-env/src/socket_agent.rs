//! Hook tools over the agent's socket.

use std::fmt;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use juju_agent_rpc::{CallError, Client, ConnectError, Request, Response};

use crate::agent::{Agent, AgentError};
use crate::env::HookEnv;
use crate::env::agent_socket::AgentSocket;
use crate::tool_answer::ToolAnswer;
use crate::tool_call::ToolCall;

/// Calls hook tools over the agent's unix socket, as the tools' programs do
/// themselves, without starting one for each call.
///
/// The socket is the one that the [`HookEnv`] names. One connection, opened at
/// the first call, serves the whole hook; calls from several threads wait for
/// each other, as they would in the agent. What goes over it is on no command
/// line, so no other user of the machine can see it.
///
/// A connection that was lost is opened again for the next call. A command is
/// sent again only if the agent cannot have got it whole.
///
/// # Limits
///
/// - Whoever listens has ten seconds to show that it is an agent, or as long
///   as [`with_greeting_limit`](Self::with_greeting_limit) says. A command has
///   no time limit: `resource-get` downloads, and Juju sets none either.
/// - One answer may be up to 64 MiB long, as [`juju_agent_rpc::Limits`]
///   explains.
/// - **The agent waits, at the end of a hook and without a time limit, until
///   its connections are closed.** Programs that the charm starts do not
///   inherit this one, and it ends with the charm's process. In a process that
///   lives on, drop the agent, and every [`Juju`](crate::Juju) that uses it,
///   when the hook is over.
/// - The TCP socket of old Kubernetes charms is not for this crate:
///   [`ToolPrograms`](crate::ToolPrograms) reach it.
pub struct SocketAgent {
    /// Where the socket is, as the variable has it. `None` if there is none of
    /// the right kind.
    address: Option<PathBuf>,
    context_id: String,
    charm_dir: String,
    greeting_limit: Duration,
    client: Mutex<Option<Client<UnixStream>>>,
}

impl SocketAgent {
    /// Finds the socket of a hook with the environment `env`. Nothing is
    /// connected yet.
    pub fn new(env: &HookEnv) -> Self {
        let address = match env.agent_socket() {
            Some(AgentSocket::Abstract(name)) => Some(PathBuf::from(format!("@{name}"))),
            Some(AgentSocket::Unix(path)) => Some(path.clone()),
            Some(AgentSocket::Tcp { .. }) | None => None,
        };
        Self {
            address,
            context_id: env.context_id().to_string(),
            charm_dir: env.charm_dir().to_string_lossy().into_owned(),
            greeting_limit: GREETING_LIMIT,
            client: Mutex::new(None),
        }
    }

    /// Returns the same with another limit to how long whoever listens may
    /// take to show that it is an agent.
    ///
    /// An agent answers at once, also while it runs a command of somebody else.
    #[must_use]
    pub fn with_greeting_limit(self, limit: Duration) -> Self {
        Self { greeting_limit: limit, ..self }
    }

    fn request(&self, call: &ToolCall) -> Request {
        Request {
            context_id: self.context_id.clone(),
            dir: self.charm_dir.clone(),
            command_name: call.tool.name().to_owned(),
            args: call.args.clone(),
            stdin: call.stdin.clone(),
            ..Request::default()
        }
    }

    /// Sends a request, on a new connection if that of an earlier call turns
    /// out to be closed.
    fn exchange(
        &self,
        client: &mut Option<Client<UnixStream>>,
        request: &Request,
    ) -> Result<Response, Failure> {
        let address = self.address.as_deref().ok_or(Failure::NoSocket)?;
        if let Some(mut open) = client.take() {
            match call(&mut open, request) {
                Err(error) if !error.may_have_run() && !is_refusal(&error) => {}
                result => {
                    *client = Some(open);
                    return result.map_err(Failure::Call);
                }
            }
        }
        let mut open = connect(address, self.greeting_limit)?;
        let result = call(&mut open, request);
        *client = Some(open);
        result.map_err(Failure::Call)
    }

    /// A thread may have panicked while it held the lock; then it has taken
    /// its connection with it.
    fn client(&self) -> MutexGuard<'_, Option<Client<UnixStream>>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unreachable(&self, source: io::Error) -> AgentError {
        AgentError::Unreachable { address: self.address.clone().unwrap_or_default(), source }
    }
}

impl Agent for SocketAgent {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        let result = self.exchange(&mut self.client(), &self.request(call));
        match result {
            Ok(Response { code, stdout, stderr }) => Ok(ToolAnswer { code, stdout, stderr }),
            // What the tool's program makes of a refusal.
            Err(Failure::Call(CallError::Refused(text))) => {
                Ok(ToolAnswer::refusal(1, format!("ERROR {text}\n")))
            }
            Err(Failure::Call(error)) if error.may_have_run() => {
                Err(AgentError::Lost { tool: call.tool, source: io::Error::other(error) })
            }
            Err(Failure::Call(error)) => Err(self.unreachable(io::Error::other(error))),
            Err(Failure::Connect(source)) => Err(self.unreachable(source)),
            Err(Failure::NoSocket) => Err(AgentError::NoSocket),
        }
    }
}

impl fmt::Debug for SocketAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketAgent")
            .field("address", &self.address)
            .field("context_id", &self.context_id)
            .field("charm_dir", &self.charm_dir)
            .finish_non_exhaustive()
    }
}

enum Failure {
    Call(CallError),
    Connect(io::Error),
    NoSocket,
}

/// Long even for a machine that is swapping.
const GREETING_LIMIT: Duration = Duration::from_secs(10);

/// Connects, and makes sure that an agent listens before anything is sent that
/// could run.
fn connect(address: &Path, greeting_limit: Duration) -> Result<Client<UnixStream>, Failure> {
    let connected =
        Client::connect(address).and_then(|client| client.with_time_limit(Some(greeting_limit)));
    let mut client = connected.map_err(not_connected)?;
    client.greet().map_err(|error| Failure::Connect(io::Error::other(error)))?;
    client.with_time_limit(None).map_err(not_connected)
}

/// A program without input reads an empty one, should its tool want to read.
fn call(client: &mut Client<UnixStream>, request: &Request) -> Result<Response, CallError> {
    client.call_with_stdin(request, || Ok(Vec::new()))
}

fn is_refusal(error: &CallError) -> bool {
    matches!(error, CallError::Refused(_))
}

/// Keeps the operating system's own error, whose kind says whether the agent
/// has gone.
fn not_connected(error: ConnectError) -> Failure {
    Failure::Connect(match error {
        ConnectError::Address { source, .. }
        | ConnectError::Connect { source, .. }
        | ConnectError::TimeLimit(source) => source,
        other => io::Error::other(other),
    })
}
