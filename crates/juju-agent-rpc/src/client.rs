//! The hook tool's end of a connection.

mod error;
mod greeting;
mod unix;

use std::fmt;
use std::io::{self, Read, Write};

use crate::body::Body;
use crate::exec_request::ExecRequest;
use crate::exec_service::ExecService;
use crate::gob::{Incoming, Outgoing, TypeId};
use crate::header::{FIRST_TYPE_ID, METHOD, RequestHeader, ResponseHeader};
use crate::limits::Limits;
use crate::protocol_error::Fault;
use crate::request::Request;
use crate::response::Response;

pub use error::{CallError, STDIN_REQUIRED};
pub use unix::ConnectError;

/// A connection to an agent, over which hook tools are called one after the
/// other.
///
/// ```no_run
/// use juju_agent_rpc::{Client, Request};
///
/// let mut client = Client::connect("/var/lib/juju/agents/unit-exporter-0/agent.socket")?;
/// let request = Request {
///     context_id: "exporter/0-install-6f1c".to_owned(),
///     dir: "/var/lib/juju/agents/unit-exporter-0/charm".to_owned(),
///     command_name: "config-get".to_owned(),
///     args: vec!["--format=json".to_owned()],
///     ..Request::default()
/// };
/// let response = client.call(&request)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An agent waits, at the end of a hook and without a time limit, until all
/// connections are closed: drop the client before the process stays behind.
pub struct Client<S> {
    incoming: Incoming<S>,
    outgoing: Outgoing,
    first_type_id: TypeId,
    next_sequence: u64,
    /// A call has failed in a way that leaves the state of the stream unknown.
    is_broken: bool,
}

impl<S: Read + Write> Client<S> {
    /// Makes a client of a connection on which nothing has been sent yet.
    pub fn new(stream: S) -> Self {
        Self::numbering_types_from(FIRST_TYPE_ID, stream)
    }

    pub(crate) fn numbering_types_from(first_type_id: TypeId, stream: S) -> Self {
        let incoming = Incoming::new(stream, Limits::default());
        let outgoing = Outgoing::default();
        Self { incoming, outgoing, first_type_id, next_sequence: 0, is_broken: false }
    }

    /// Returns this client, before its first call, with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { incoming: self.incoming.with_limits(limits), ..self }
    }

    /// Has the agent run a command, and waits for what it answers.
    ///
    /// A command that fails is an answer, too: see [`Response::code`].
    ///
    /// # Errors
    ///
    /// - [`CallError::Refused`] if the agent does not run the command, or
    ///   stops it. The connection can be used further.
    /// - [`CallError::Send`], [`CallError::Receive`] or [`CallError::Protocol`]
    ///   if the connection fails. It cannot be used further.
    /// - [`CallError::Broken`] if it failed in an earlier call.
    ///
    /// [`CallError::may_have_run`] tells whether the command can have run.
    pub fn call(&mut self, request: &Request) -> Result<Response, CallError> {
        self.call_method(METHOD, request)
    }

    /// Calls a command that may want standard input, as the hook tools do.
    ///
    /// Without [`Request::stdin`], the agent is first asked without. Only if
    /// it answers [`STDIN_REQUIRED`], `read_stdin` is called, and the agent
    /// once more.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call), and [`CallError::Stdin`] if `read_stdin`
    /// fails.
    pub fn call_with_stdin(
        &mut self,
        request: &Request,
        read_stdin: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> Result<Response, CallError> {
        match self.call(request) {
            Err(CallError::Refused(text)) if text == STDIN_REQUIRED && request.stdin.is_none() => {
                let stdin = Some(read_stdin().map_err(CallError::Stdin)?);
                self.call(&Request { stdin, ..request.clone() })
            }
            result => result,
        }
    }

    /// Has the agent run text for a shell in the context of a unit, and waits
    /// for what it answers: what `juju-exec` does on an agent's `run.socket`.
    ///
    /// The agent answers when it was the unit's turn, which can take as long as
    /// all that the unit has to run before.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call).
    pub fn run_commands(
        &mut self,
        service: ExecService,
        request: &ExecRequest,
    ) -> Result<Response, CallError> {
        self.call_method(service.method(), request)
    }

    fn call_method(&mut self, method: &str, request: &impl Body) -> Result<Response, CallError> {
        if self.is_broken {
            return Err(CallError::Broken);
        }
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        let result = self.send(method, sequence, request).and_then(|()| self.receive(sequence));
        self.is_broken = !matches!(result, Ok(_) | Err(CallError::Refused(_)));
        result
    }

    pub(crate) fn send(
        &mut self,
        method: &str,
        sequence: u64,
        request: &impl Body,
    ) -> Result<(), CallError> {
        let bytes = self.encode(method, sequence, request);
        let stream = self.incoming.stream_mut();
        stream.write_all(&bytes).map_err(CallError::from_send)?;
        // From here on the agent can have the whole request.
        stream.flush().map_err(CallError::from_receive)
    }

    fn encode(&mut self, method: &str, sequence: u64, request: &impl Body) -> Vec<u8> {
        let header_id = self.first_type_id;
        let header = RequestHeader { method: method.to_owned(), sequence };
        header.write(&mut self.outgoing, header_id);
        request.encode(&mut self.outgoing, header_id);
        self.outgoing.take_bytes()
    }

    fn receive(&mut self, expected: u64) -> Result<Response, CallError> {
        let header = self.receive_header()?;
        if header.sequence != expected {
            return Err(Fault::Sequence { expected, found: header.sequence }.into());
        }
        // A refusal has a body as well, one without fields.
        let body = self.incoming.next()?.ok_or_else(closed)?;
        if !header.error.is_empty() {
            return Err(CallError::Refused(header.error));
        }
        Ok(Response::read(self.incoming.value(&body)?)?)
    }

    fn receive_header(&mut self) -> Result<ResponseHeader, CallError> {
        let header = self.incoming.next()?.ok_or_else(closed)?;
        Ok(ResponseHeader::read(self.incoming.value(&header)?)?)
    }
}

impl<S> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("next_sequence", &self.next_sequence)
            .field("is_broken", &self.is_broken)
            .finish_non_exhaustive()
    }
}

/// The stream ended where an answer has to follow.
fn closed() -> CallError {
    CallError::Receive(io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the agent closed the connection",
    ))
}

#[cfg(test)]
impl Client<crate::testing::Replay> {
    /// Returns what was sent.
    pub(crate) fn into_output(self) -> Vec<u8> {
        self.incoming.stream().output.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::serve;
    use crate::testing::{FailingWriter, Replay};

    pub(super) fn request(command_name: &str) -> Request {
        Request { command_name: command_name.to_owned(), ..Request::default() }
    }

    /// What an agent writes that answers calls of these commands.
    pub(super) fn answers<const N: usize>(
        commands: [&str; N],
        handler: impl FnMut(Request) -> Result<Response, String>,
    ) -> Vec<u8> {
        let mut client = Client::new(Replay::new([]));
        for (sequence, command) in (0..).zip(commands) {
            client.send(METHOD, sequence, &request(command)).unwrap();
        }
        let mut stream = Replay::new(client.into_output());
        serve(&mut stream, handler).unwrap();
        stream.output
    }

    /// Refuses a command that is given no standard input, else echoes it.
    fn echo(request: Request) -> Result<Response, String> {
        let stdout = request.stdin.ok_or(STDIN_REQUIRED)?;
        Ok(Response { stdout, ..Response::default() })
    }

    fn kind_of(error: &CallError) -> io::ErrorKind {
        match error {
            CallError::Receive(source) | CallError::Send(source) | CallError::Stdin(source) => {
                source.kind()
            }
            _ => panic!("{error:?} has no cause in the system"),
        }
    }

    #[test]
    fn a_refusal_leaves_the_connection_usable() {
        let input = answers(["nope", "is-leader"], |request| match &*request.command_name {
            "is-leader" => Ok(Response::default()),
            unknown => Err(format!("bad request: unknown command: {unknown}")),
        });
        let mut client = Client::new(Replay::new(input));
        let refused = client.call(&request("nope")).unwrap_err();
        insta::assert_snapshot!(refused, @"the agent refused: bad request: unknown command: nope");
        assert!(!refused.may_have_run());
        assert_eq!(client.call(&request("is-leader")).unwrap(), Response::default());
    }

    #[test]
    fn a_closed_connection_is_not_used_again() {
        let mut client = Client::new(Replay::new([]));
        let error = client.call(&request("juju-log")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot read the agent's answer");
        assert_eq!(kind_of(&error), io::ErrorKind::UnexpectedEof);
        assert!(error.may_have_run());

        let sent = client.incoming.stream().output.len();
        let error = client.call(&request("juju-log")).unwrap_err();
        insta::assert_snapshot!(
            error,
            @"the connection to the agent failed in an earlier call, connect again"
        );
        assert!(!error.may_have_run());
        assert_eq!(client.incoming.stream().output.len(), sent);
    }

    #[test]
    fn a_request_that_was_not_sent_as_a_whole_has_not_run() {
        let mut client = Client::new(FailingWriter { accepted: 150 });
        let error = client.call(&request("juju-log")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot send a request to the agent");
        assert_eq!(kind_of(&error), io::ErrorKind::BrokenPipe);
        assert!(!error.may_have_run());
        assert!(matches!(client.call(&request("juju-log")), Err(CallError::Broken)));
    }

    #[test]
    fn an_answer_to_another_call_breaks_the_connection() {
        let input = answers(["is-leader"], |_| Ok(Response::default()));
        let mut client = Client::new(Replay::new(input));
        client.next_sequence = 7;
        let error = client.call(&request("is-leader")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot understand the agent's answer");
        assert!(error.may_have_run());
        let CallError::Protocol(cause) = error else { panic!("{error:?}") };
        insta::assert_snapshot!(cause, @"the answer is to call 0, call 7 is waiting for one");
        assert!(matches!(client.call(&request("is-leader")), Err(CallError::Broken)));
    }

    #[test]
    fn an_answer_beyond_the_limit_breaks_the_connection() {
        let input = answers(["config-get"], |_| {
            Ok(Response { stdout: vec![b'x'; 2000], ..Response::default() })
        });
        let limits = Limits::default().with_max_message(1000);
        let mut client = Client::new(Replay::new(input)).with_limits(limits);
        let error = client.call(&request("config-get")).unwrap_err();
        assert!(matches!(error, CallError::Protocol(_)), "{error:?}");
    }

    #[test]
    fn a_refusal_of_unknown_wording_may_come_after_a_command() {
        let may_have_run = |text: &str| CallError::Refused(text.to_owned()).may_have_run();
        assert!(may_have_run("something else"));
        assert!(!may_have_run(STDIN_REQUIRED));
        assert!(!may_have_run("rpc: can't find service Jujuc.Main"));
    }

    #[test]
    fn standard_input_is_read_only_when_it_is_asked_for() {
        let input = answers(["is-leader"], |_| Ok(Response::default()));
        let mut client = Client::new(Replay::new(input));
        let response = client.call_with_stdin(&request("is-leader"), || panic!("not asked for"));
        assert_eq!(response.unwrap(), Response::default());
    }

    #[test]
    fn standard_input_that_was_given_is_not_asked_for_again() {
        let input = answers(["state-set"], |_| Err(STDIN_REQUIRED.to_owned()));
        let mut client = Client::new(Replay::new(input));
        let request = Request { stdin: Some(Vec::new()), ..request("state-set") };
        let response = client.call_with_stdin(&request, || panic!("given already"));
        assert!(matches!(response, Err(CallError::Refused(text)) if text == STDIN_REQUIRED));
    }

    #[test]
    fn standard_input_that_cannot_be_read_leaves_the_connection_usable() {
        let mut calls = 0;
        let input = answers(["state-set", "is-leader"], |request| {
            calls += 1;
            if calls == 1 { echo(request) } else { Ok(Response::default()) }
        });
        let mut client = Client::new(Replay::new(input));
        let error = client
            .call_with_stdin(&request("state-set"), || Err(io::ErrorKind::InvalidData.into()))
            .unwrap_err();
        insta::assert_snapshot!(
            error,
            @"cannot read the standard input that the command asks for"
        );
        assert_eq!(kind_of(&error), io::ErrorKind::InvalidData);
        assert!(!error.may_have_run());
        assert!(client.call(&request("is-leader")).is_ok());
    }

    #[test]
    fn debug_shows_neither_stream_nor_data() {
        let client = Client::new(Replay::new([]));
        insta::assert_snapshot!(
            format!("{client:?}"),
            @"Client { next_sequence: 0, is_broken: false, .. }"
        );
    }
}
