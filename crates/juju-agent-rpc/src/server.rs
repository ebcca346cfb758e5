//! The agent's end of a connection.

use std::io::{self, Read, Write};

use thiserror::Error;

use crate::body::Body;
use crate::exec_request::ExecRequest;
use crate::exec_service::ExecService;
use crate::gob::{Incoming, Outgoing, ReadError, TypeId};
use crate::header::{FIRST_TYPE_ID, METHOD, RequestHeader, ResponseHeader, no_method};
use crate::limits::Limits;
use crate::protocol_error::{Fault, ProtocolError};
use crate::request::Request;
use crate::response::Response;

/// Answers the calls on one connection, as an agent does, until the peer
/// closes it.
///
/// `handler` runs the command. Its `Err` is the text of a refusal, which the
/// peer sees as [`CallError::Refused`](crate::CallError::Refused); agents use
/// [`STDIN_REQUIRED`](crate::STDIN_REQUIRED) and texts that start with
/// `bad request: `.
///
/// ```
/// use std::os::unix::net::UnixStream;
///
/// use juju_agent_rpc::{Response, serve};
///
/// let (charm, agent) = UnixStream::pair()?;
/// drop(charm); // a peer that calls nothing
/// serve(agent, |_request| Ok(Response::default()))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// - [`ServeError::Protocol`] if the peer sends what makes no sense.
/// - [`ServeError::Read`] if a request cannot be read to its end.
/// - [`ServeError::Write`] if a response cannot be written.
pub fn serve<S: Read + Write>(
    stream: S,
    handler: impl FnMut(Request) -> Result<Response, String>,
) -> Result<(), ServeError> {
    serve_within(Limits::default(), stream, handler)
}

/// Answers the calls on one connection like [`serve`], within other limits.
///
/// # Errors
///
/// Those of [`serve`].
pub fn serve_within<S: Read + Write>(
    limits: Limits,
    stream: S,
    handler: impl FnMut(Request) -> Result<Response, String>,
) -> Result<(), ServeError> {
    Server::numbering_types_from(FIRST_TYPE_ID, limits, stream).serve(METHOD, handler)
}

/// Answers those on one connection who want text for a shell to be run, as an
/// agent does on its `run.socket`, until the peer closes it.
///
/// `handler` runs the text, as for [`serve`].
///
/// # Errors
///
/// Those of [`serve`].
pub fn serve_exec<S: Read + Write>(
    service: ExecService,
    stream: S,
    handler: impl FnMut(ExecRequest) -> Result<Response, String>,
) -> Result<(), ServeError> {
    serve_exec_within(Limits::default(), service, stream, handler)
}

/// Answers those on one connection like [`serve_exec`], within other limits.
///
/// # Errors
///
/// Those of [`serve`].
pub fn serve_exec_within<S: Read + Write>(
    limits: Limits,
    service: ExecService,
    stream: S,
    handler: impl FnMut(ExecRequest) -> Result<Response, String>,
) -> Result<(), ServeError> {
    Server::numbering_types_from(FIRST_TYPE_ID, limits, stream).serve(service.method(), handler)
}

/// Why a connection could not be served to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The peer sent what makes no sense here, or too much of it.
    #[error("cannot understand a request")]
    Protocol(#[source] ProtocolError),
    /// A request cannot be read to its end.
    #[error("cannot read a request")]
    Read(#[source] io::Error),
    /// A response cannot be written.
    #[error("cannot write a response")]
    Write(#[source] io::Error),
}

impl From<Fault> for ServeError {
    fn from(fault: Fault) -> Self {
        Self::Protocol(fault.into())
    }
}

impl From<ReadError> for ServeError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Read(error),
            ReadError::Fault(fault) => fault.into(),
        }
    }
}

/// The agent's end of one connection.
pub(crate) struct Server<S> {
    incoming: Incoming<S>,
    outgoing: Outgoing,
    first_type_id: TypeId,
}

impl<S: Read + Write> Server<S> {
    pub(crate) fn numbering_types_from(first_type_id: TypeId, limits: Limits, stream: S) -> Self {
        let incoming = Incoming::new(stream, limits);
        Self { incoming, outgoing: Outgoing::default(), first_type_id }
    }

    /// Answers the calls of one method.
    pub(crate) fn serve<B: Body>(
        mut self,
        method: &str,
        mut handler: impl FnMut(B) -> Result<Response, String>,
    ) -> Result<(), ServeError> {
        while let Some((header, request)) = self.receive(method)? {
            let result = match request {
                Some(request) => handler(request),
                None => Err(unknown_method(&header.method, method)),
            };
            self.send(header, result)?;
        }
        Ok(())
    }

    /// Reads one call; there is no request if it is for another method.
    fn receive<B: Body>(
        &mut self,
        method: &str,
    ) -> Result<Option<(RequestHeader, Option<B>)>, ServeError> {
        let Some(header) = self.receive_header()? else { return Ok(None) };
        let no_body = || ServeError::Read(io::ErrorKind::UnexpectedEof.into());
        let body = self.incoming.next()?.ok_or_else(no_body)?;
        if header.method != method {
            return Ok(Some((header, None)));
        }
        let request = B::decode(self.incoming.value(&body)?)?;
        Ok(Some((header, Some(request))))
    }

    fn receive_header(&mut self) -> Result<Option<RequestHeader>, ServeError> {
        let Some(header) = self.incoming.next()? else { return Ok(None) };
        Ok(Some(RequestHeader::read(self.incoming.value(&header)?)?))
    }

    fn send(
        &mut self,
        request: RequestHeader,
        result: Result<Response, String>,
    ) -> Result<(), ServeError> {
        let bytes = self.encode(request, result);
        let stream = self.incoming.stream_mut();
        stream.write_all(&bytes).and_then(|()| stream.flush()).map_err(ServeError::Write)
    }

    fn encode(&mut self, request: RequestHeader, result: Result<Response, String>) -> Vec<u8> {
        let header_id = self.first_type_id;
        let RequestHeader { method, sequence } = request;
        match result {
            Ok(response) => {
                let header = ResponseHeader { method, sequence, error: String::new() };
                header.write(&mut self.outgoing, header_id);
                response.write(&mut self.outgoing, header_id + 1);
            }
            Err(error) => {
                let header = ResponseHeader { method, sequence, error: nonempty(error) };
                header.write(&mut self.outgoing, header_id);
                write_refusal(&mut self.outgoing, header_id + 2);
            }
        }
        self.outgoing.take_bytes()
    }
}

/// Says what Go says where only one method is there.
fn unknown_method(method: &str, known: &str) -> String {
    let service = |method: &str| method.rsplit_once('.').map(|(service, _)| service.to_owned());
    if service(method) == service(known) {
        no_method(method)
    } else {
        format!("rpc: can't find service {method}")
    }
}

/// A body must follow every header; behind a refusal it has no fields.
fn write_refusal(out: &mut Outgoing, id: TypeId) {
    out.define_struct(id, "", &[]);
    out.value(id, |fields| fields);
}

/// On the wire, an empty text would mean that the call went well.
fn nonempty(error: String) -> String {
    if error.is_empty() { "refused without a reason".to_owned() } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{CallError, Client};
    use crate::gob::STRING;
    use crate::testing::Replay;

    /// What a client writes that calls `method` and then the agent's own.
    fn calls(method: &str) -> Vec<u8> {
        let mut out = Outgoing::default();
        for (sequence, method) in (0..).zip([method, METHOD]) {
            let header = RequestHeader { method: method.to_owned(), sequence };
            header.write(&mut out, 65);
            Request::default().write(&mut out, 66, 67);
        }
        out.take_bytes()
    }

    /// What the client is answered, for each call.
    fn answers(stream: Replay) -> Vec<Result<Response, CallError>> {
        let mut client = Client::new(Replay::new(stream.output));
        [(); 2].map(|()| client.call(&Request::default())).into()
    }

    #[test]
    fn refuses_another_method_and_goes_on() {
        let mut stream = Replay::new(calls("JujuExecServer.RunCommands"));
        serve(&mut stream, |_| Ok(Response::default())).unwrap();
        let answers = answers(stream);
        assert!(matches!(
            &answers[0],
            Err(CallError::Refused(text))
                if text == "rpc: can't find service JujuExecServer.RunCommands"
        ));
        assert!(answers[1].is_ok());
    }

    #[test]
    fn text_for_a_shell_has_a_method_of_its_own() {
        let request = ExecRequest {
            commands: "exit 3".to_owned(),
            unit_name: "app/0".to_owned(),
            ..ExecRequest::default()
        };
        let mut sent = Client::new(Replay::new([]));
        for (sequence, service) in [ExecService::JujuExec, ExecService::JujuRun].iter().enumerate()
        {
            sent.send(service.method(), sequence as u64, &request).unwrap();
        }
        let mut stream = Replay::new(sent.into_output());
        serve_exec(ExecService::JujuRun, &mut stream, |received| {
            assert_eq!(received, request);
            Ok(Response { code: 3, ..Response::default() })
        })
        .unwrap();
        let mut client = Client::new(Replay::new(stream.output));
        let refused = client.run_commands(ExecService::JujuExec, &request).unwrap_err();
        insta::assert_snapshot!(refused, @"the agent refused: rpc: can't find service JujuExecServer.RunCommands");
        assert_eq!(client.run_commands(ExecService::JujuRun, &request).unwrap().code, 3);
    }

    #[test]
    fn a_refusal_without_a_text_is_still_a_refusal() {
        let mut stream = Replay::new(calls(METHOD));
        serve(&mut stream, |_| Err(String::new())).unwrap();
        for answer in answers(stream) {
            assert!(matches!(answer, Err(CallError::Refused(text)) if !text.is_empty()));
        }
    }

    #[test]
    fn a_request_without_a_body_is_an_error() {
        let mut out = Outgoing::default();
        RequestHeader::default().write(&mut out, 65);
        let error = serve(Replay::new(out.take_bytes()), |_| panic!("no request")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot read a request");
        assert!(matches!(
            error,
            ServeError::Read(cause) if cause.kind() == io::ErrorKind::UnexpectedEof
        ));
    }

    #[test]
    fn a_request_that_makes_no_sense_ends_the_connection() {
        let mut out = Outgoing::default();
        out.define_struct(65, "Request", &[("ServiceMethod", STRING), ("Seq", STRING)]);
        out.value(65, |fields| fields.string(METHOD).string("first"));
        let error = serve(Replay::new(out.take_bytes()), |_| panic!("no request")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot understand a request");
        let ServeError::Protocol(cause) = error else { panic!("{error:?}") };
        insta::assert_snapshot!(cause, @"`Seq` is of type string, a uint belongs there");
    }

    #[test]
    fn a_request_beyond_the_limit_ends_the_connection() {
        let limits = Limits::default().with_max_message(100);
        let error =
            serve_within(limits, Replay::new(calls(METHOD)), |_| panic!("no request")).unwrap_err();
        assert!(matches!(error, ServeError::Protocol(_)), "{error:?}");
    }

    #[test]
    fn a_peer_that_takes_no_response_is_an_error() {
        let error = serve(HalfClosed(Replay::new(calls(METHOD))), |_| Ok(Response::default()));
        insta::assert_snapshot!(error.unwrap_err(), @"cannot write a response");
    }

    /// A peer that still speaks and no longer listens.
    struct HalfClosed(Replay);

    impl Read for HalfClosed {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for HalfClosed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
