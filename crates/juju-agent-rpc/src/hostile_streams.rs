//! Peers that break off, stutter or send rubbish: they get an error, and never
//! a panic or more memory than they may have.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::client::{CallError, Client};
use crate::conformance::{Conversation, conversations};
use crate::exec_request::ExecRequest;
use crate::exec_service::ExecService;
use crate::gob::testing::{int, uint};
use crate::header::METHOD;
use crate::limits::Limits;
use crate::request::Request;
use crate::response::Response;
use crate::server::{ServeError, serve, serve_exec, serve_exec_within, serve_within};
use crate::testing::Replay;

/// What one read may ask for beyond the bytes of a message: the size of a
/// buffered reader.
const BUFFER: usize = 8 * 1024;

pub(crate) fn limits() -> Limits {
    Limits::default().with_max_message(4096).with_max_definitions(1024)
}

/// Plays the agent for a hostile client, and counts the calls.
pub(crate) fn serve_hostile(input: &[u8]) -> (usize, Result<(), ServeError>) {
    let mut stream = Replay::new(input);
    let mut calls = 0;
    let result = serve_within(limits(), &mut stream, |request| {
        calls += 1;
        let strings = [request.context_id, request.dir, request.command_name, request.token];
        assert!(strings.iter().map(String::capacity).sum::<usize>() <= 4096);
        assert!(request.args.capacity() * size_of::<String>() <= 4096);
        assert!(request.stdin.is_none_or(|stdin| stdin.capacity() <= 4096));
        Ok(Response::default())
    });
    assert!(stream.longest_read <= BUFFER);
    (calls, result)
}

/// Plays the agent for one who misuses its `run.socket`, and counts the calls.
pub(crate) fn serve_exec_hostile(input: &[u8]) -> (usize, Result<(), ServeError>) {
    let mut stream = Replay::new(input);
    let mut calls = 0;
    let result = serve_exec_within(limits(), ExecService::JujuExec, &mut stream, |request| {
        calls += 1;
        let strings = [request.commands, request.remote_unit_name, request.unit_name];
        assert!(strings.iter().map(String::capacity).sum::<usize>() <= 4096);
        Ok(Response::default())
    });
    assert!(stream.longest_read <= BUFFER);
    (calls, result)
}

/// Plays a client that makes calls until the hostile agent makes it stop, and
/// counts the calls that were answered.
pub(crate) fn call_hostile(input: &[u8]) -> (usize, CallError) {
    let mut stream = Replay::new(input);
    let mut calls = 0;
    let mut client = Client::new(&mut stream).with_limits(limits());
    let error = loop {
        match client.call(&Request::default()) {
            Ok(response) => assert!(response.stdout.len() + response.stderr.len() <= 4096),
            Err(CallError::Refused(text)) => assert!(text.len() <= 4096),
            Err(error) => break error,
        }
        calls += 1;
    };
    assert!(matches!(error, CallError::Protocol(_) | CallError::Receive(_)), "{error:?}");
    assert!(error.may_have_run());
    assert!(matches!(client.call(&Request::default()), Err(CallError::Broken)));
    assert!(stream.longest_read <= BUFFER);
    (calls, error)
}

#[test]
fn a_request_that_breaks_off_anywhere_is_an_error() {
    for Conversation { to_agent, outcomes, .. } in conversations() {
        let mut whole = 0;
        for end in 0..to_agent.len() {
            match serve(Replay::new(&to_agent[..end]), |_| Ok(Response::default())) {
                Ok(()) => whole += 1,
                Err(ServeError::Read(_)) => {}
                Err(error) => panic!("{error:?} at {end}"),
            }
        }
        // Nothing is wrong with a client that leaves before its next call.
        assert_eq!(whole, outcomes.len());
    }
}

#[test]
fn an_answer_that_breaks_off_anywhere_is_an_error() {
    for Conversation { to_client, outcomes, .. } in conversations() {
        for end in 0..to_client.len() {
            let mut client = Client::new(Replay::new(&to_client[..end]));
            let failed = outcomes.iter().find_map(|_| {
                client.call(&Request::default()).err().filter(CallError::may_have_run)
            });
            assert!(matches!(failed, Some(CallError::Receive(_))), "{failed:?} at {end}");
        }
    }
}

#[test]
fn a_changed_byte_anywhere_does_no_harm() {
    for Conversation { to_agent, to_client, .. } in conversations() {
        for change in [0x01, 0x02, 0x80, 0xff] {
            for place in 0..to_agent.len() {
                let mut bytes = to_agent.clone();
                bytes[place] ^= change;
                // Some changes only make another request of it.
                let _ = serve_hostile(&bytes);
            }
            for place in 0..to_client.len() {
                let mut bytes = to_client.clone();
                bytes[place] ^= change;
                call_hostile(&bytes);
            }
        }
    }
}

/// Messages of the right length and with a type that may well exist, so that
/// the bytes within are looked at.
fn rubbish_in_messages() -> impl Strategy<Value = Vec<u8>> {
    let content = vec(prop_oneof![0_u8..8, any::<u8>()], 0..64);
    let message = (prop_oneof![-70_i64..70, any::<i64>()], content).prop_map(|(id, content)| {
        let message = [int(id), content].concat();
        [uint(message.len() as u64), message].concat()
    });
    vec(message, 0..8).prop_map(|messages| messages.concat())
}

/// A recorded stream, of which a part is replaced.
fn damaged(side: fn(Conversation) -> Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let streams: Vec<Vec<u8>> = conversations().into_iter().map(side).collect();
    (
        prop::sample::select(streams),
        any::<prop::sample::Index>(),
        vec(any::<u8>(), 0..8),
        0_usize..8,
    )
        .prop_map(|(mut stream, place, replacement, length)| {
            let start = place.index(stream.len());
            let end = stream.len().min(start + length);
            stream.splice(start..end, replacement);
            stream
        })
}

fn request() -> impl Strategy<Value = Request> {
    let texts = (any::<String>(), any::<String>(), any::<String>(), any::<String>());
    let args = vec(any::<String>(), 0..5);
    let stdin = prop::option::of(vec(any::<u8>(), 0..300));
    (texts, args, stdin).prop_map(|((context_id, dir, command_name, token), args, stdin)| Request {
        context_id,
        dir,
        command_name,
        args,
        stdin,
        token,
    })
}

fn exec_request() -> impl Strategy<Value = ExecRequest> {
    let texts = (any::<String>(), any::<String>(), any::<String>(), any::<String>());
    let rest = (any::<String>(), any::<Option<u32>>(), any::<bool>(), any::<bool>());
    (texts, rest).prop_map(|(texts, (token, relation_id, force_remote_unit, operator))| {
        let (commands, remote_unit_name, remote_application_name, unit_name) = texts;
        ExecRequest {
            commands,
            relation_id,
            remote_unit_name,
            remote_application_name,
            force_remote_unit,
            unit_name,
            token,
            operator,
        }
    })
}

fn outcome() -> impl Strategy<Value = Result<Response, String>> {
    let output = || vec(any::<u8>(), 0..300);
    let response = (any::<i32>(), output(), output()).prop_map(|(code, stdout, stderr)| Response {
        code,
        stdout,
        stderr,
    });
    prop_oneof![response.prop_map(Ok), "(?s).{1,40}".prop_map(Err)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..200)) {
        let _ = (serve_hostile(&bytes), serve_exec_hostile(&bytes));
        call_hostile(&bytes);
    }

    #[test]
    fn arbitrary_messages_do_no_harm(bytes in rubbish_in_messages()) {
        let _ = (serve_hostile(&bytes), serve_exec_hostile(&bytes));
        call_hostile(&bytes);
    }

    #[test]
    fn damaged_requests_do_no_harm(bytes in damaged(|it| it.to_agent)) {
        let _ = serve_hostile(&bytes);
    }

    #[test]
    fn damaged_answers_do_no_harm(bytes in damaged(|it| it.to_client)) {
        call_hostile(&bytes);
    }

    #[test]
    fn every_call_comes_back_as_it_was(
        calls in vec((request(), outcome()), 1..4),
        step in 1_usize..40,
    ) {
        let mut to_agent = Replay::new([]).in_steps_of(step);
        let mut client = Client::new(&mut to_agent);
        for (sequence, (request, _)) in (0..).zip(&calls) {
            client.send(METHOD, sequence, request).unwrap();
        }

        let mut to_client = Replay::new(to_agent.output).in_steps_of(step);
        let mut expected = calls.iter();
        serve(&mut to_client, |request| {
            let (sent, outcome) = expected.next().expect("a call was sent");
            assert_eq!(request, *sent);
            outcome.clone()
        })
        .unwrap();

        let mut client = Client::new(Replay::new(to_client.output).in_steps_of(step));
        for (request, outcome) in &calls {
            match (client.call(request), outcome) {
                (Ok(response), Ok(expected)) => prop_assert_eq!(&response, expected),
                (Err(CallError::Refused(text)), Err(expected)) => prop_assert_eq!(&text, expected),
                (other, _) => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn every_text_for_a_shell_comes_as_it_was(
        requests in vec(exec_request(), 1..4),
        step in 1_usize..40,
    ) {
        let service = ExecService::JujuExec;
        let mut client = Client::new(Replay::new([]).in_steps_of(step));
        for (sequence, request) in (0..).zip(&requests) {
            client.send(service.method(), sequence, request).unwrap();
        }
        let mut received = Vec::new();
        serve_exec(service, Replay::new(client.into_output()).in_steps_of(step), |request| {
            received.push(request);
            Ok(Response::default())
        })
        .unwrap();
        prop_assert_eq!(received, requests);
    }
}
