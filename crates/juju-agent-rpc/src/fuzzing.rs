//! Each decoder is fed with streams that are nearly right: what was recorded,
//! and what the folder `corpus` keeps, changed in many ways.
//!
//! A file in `corpus/DECODER` is the shortest stream known that ends as its
//! name says. `CORPUS=update cargo test -p juju-agent-rpc fuzzing` gives files
//! that end otherwise by now their new name, looks for ends that no file shows
//! yet, and for shorter streams, and writes them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::client::Client;
use crate::conformance::{Conversation, conversations};
use crate::exec_request::ExecRequest;
use crate::exec_service::ExecService;
use crate::gob::testing::uint;
use crate::gob::{Incoming, ReadError, Value};
use crate::hostile_streams::{call_hostile, limits, serve_exec_hostile, serve_hostile};
use crate::protocol_error::Fault;
use crate::request::Request;
use crate::response::Response;
use crate::server::ServeError;
use crate::testing::{Replay, hex};

/// Something that makes sense of a peer's bytes.
#[derive(Clone, Copy, Debug)]
enum Decoder {
    ExecRequest,
    Request,
    Response,
    ToAgent,
    ToClient,
    ToRunSocket,
}

impl Decoder {
    const ALL: [Self; 6] = [
        Self::ExecRequest,
        Self::Request,
        Self::Response,
        Self::ToAgent,
        Self::ToClient,
        Self::ToRunSocket,
    ];

    /// Decodes a stream, and says how it ends.
    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::ExecRequest => end_of_value(bytes, |value| ExecRequest::read(value).map(drop)),
            Self::Request => end_of_value(bytes, |value| Request::read(value).map(drop)),
            Self::Response => end_of_value(bytes, |value| Response::read(value).map(drop)),
            Self::ToAgent => end_of_calls(serve_hostile(bytes)),
            Self::ToRunSocket => end_of_calls(serve_exec_hostile(bytes)),
            Self::ToClient => {
                let (calls, error) = call_hostile(bytes);
                format!("{}-{}", counted(calls), kind(&error))
            }
        }
    }

    /// The streams that were recorded. Nobody has recorded `juju-exec`, so
    /// there it is what this client sends.
    fn recorded(self) -> Vec<Vec<u8>> {
        let body = |stream: Vec<u8>| {
            // The definition of the header and the header come first.
            let messages = messages(&stream);
            messages[2..].iter().flat_map(|content| framed(content)).collect()
        };
        let recorded = |side: fn(Conversation) -> Vec<u8>| conversations().into_iter().map(side);
        match self {
            Self::ExecRequest => vec![body(exec_stream())],
            Self::Request => recorded(|it| it.to_agent).map(body).collect(),
            Self::Response => recorded(|it| it.to_client).map(body).collect(),
            Self::ToAgent => recorded(|it| it.to_agent).collect(),
            Self::ToClient => recorded(|it| it.to_client).collect(),
            Self::ToRunSocket => vec![exec_stream()],
        }
    }

    fn folder(self) -> PathBuf {
        let name = match self {
            Self::ExecRequest => "exec-request",
            Self::Request => "request",
            Self::Response => "response",
            Self::ToAgent => "to-agent",
            Self::ToClient => "to-client",
            Self::ToRunSocket => "to-run-socket",
        };
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).join(name)
    }

    /// The streams that are kept, by the way they end.
    fn kept(self) -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(self.folder()).into_iter().flatten();
        let kept = files.map(|file| {
            let path = file.unwrap().path();
            let end = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (end, hex(&fs::read_to_string(&path).unwrap()))
        });
        kept.collect()
    }

    fn keep(self, end: &str, bytes: &[u8]) {
        let mut text = String::new();
        for line in bytes.chunks(32) {
            for byte in line {
                write!(text, "{byte:02x}").unwrap();
            }
            text.push('\n');
        }
        fs::create_dir_all(self.folder()).unwrap();
        fs::write(self.file(end), text).unwrap();
    }

    fn file(self, end: &str) -> PathBuf {
        self.folder().join(format!("{end}.hex"))
    }

    fn mutated(self) -> impl Strategy<Value = Vec<u8>> {
        let seeds: Vec<_> = self.recorded().into_iter().chain(self.kept().into_values()).collect();
        (select(seeds), vec(mutation(), 1..4)).prop_map(|(mut bytes, mutations)| {
            for mutation in mutations {
                mutation.apply(&mut bytes);
            }
            // A stream that only grows shows nothing new.
            bytes.truncate(4096);
            bytes
        })
    }
}

/// Two calls of `juju-exec` on one connection.
fn exec_stream() -> Vec<u8> {
    let mut client = Client::new(Replay::new([]));
    let request = ExecRequest {
        commands: "exit 3".to_owned(),
        relation_id: Some(7),
        remote_unit_name: "db/0".to_owned(),
        remote_application_name: "db".to_owned(),
        force_remote_unit: true,
        unit_name: "app/0".to_owned(),
        token: "t".to_owned(),
        operator: true,
    };
    for sequence in 0..2 {
        client.send(ExecService::JujuExec.method(), sequence, &request).unwrap();
    }
    client.into_output()
}

fn end_of_calls((calls, result): (usize, Result<(), ServeError>)) -> String {
    format!("{}-{}", counted(calls), result.map_or_else(|it| kind(&it), |()| "end".into()))
}

fn end_of_value(bytes: &[u8], read: impl FnOnce(Value<'_>) -> Result<(), Fault>) -> String {
    let mut incoming = Incoming::new(Replay::new(bytes), limits());
    match incoming.next() {
        Ok(Some(message)) => match incoming.value(&message).and_then(read) {
            Ok(()) => "value".to_owned(),
            Err(fault) => kind(&fault),
        },
        Ok(None) => "end".to_owned(),
        Err(ReadError::Fault(fault)) => kind(&fault),
        Err(ReadError::Io(_)) => "Io".to_owned(),
    }
}

/// More calls than two show nothing that two do not.
fn counted(calls: usize) -> &'static str {
    match calls {
        0 => "no-call",
        1 => "one-call",
        _ => "more-calls",
    }
}

/// The innermost name in what `Debug` shows, without what depends on the data.
fn kind(error: &impl fmt::Debug) -> String {
    let shown = format!("{error:?}");
    let shown = shown.rsplit_once("fault: ").map_or(shown.as_str(), |(_, fault)| fault);
    shown.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The contents of the messages in a stream that is in order.
fn messages(mut stream: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some((&first, rest)) = stream.split_first() {
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let count = usize::from(first.wrapping_neg()).min(rest.len());
            let (length, rest) = rest.split_at(count);
            (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        };
        let (message, rest) = rest.split_at(length.min(rest.len()));
        messages.push(message.to_vec());
        stream = rest;
    }
    messages
}

fn framed(content: &[u8]) -> Vec<u8> {
    [uint(content.len() as u64), content.to_vec()].concat()
}

/// A change to a stream: to its bytes as they are, or to the content of a
/// message, whose length is then put right, so that the content is looked at.
#[derive(Clone, Debug)]
enum Mutation {
    Bytes(Change),
    Message(Index, Change),
    RemoveMessage(Index),
    RepeatMessage(Index, Index),
}

#[derive(Clone, Debug)]
enum Change {
    Copy { from: Index, count: usize, to: Index },
    Flip { place: Index, mask: u8 },
    Insert { place: Index, bytes: Vec<u8> },
    Remove { place: Index, count: usize },
    Truncate { place: Index },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => change().prop_map(Mutation::Bytes),
        6 => (any::<Index>(), change()).prop_map(|(which, it)| Mutation::Message(which, it)),
        1 => any::<Index>().prop_map(Mutation::RemoveMessage),
        1 => any::<(Index, Index)>().prop_map(|(which, to)| Mutation::RepeatMessage(which, to)),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    // Small numbers are types, lengths and field numbers; large ones need
    // several bytes.
    let number = prop_oneof![0_u64..80, any::<u64>()].prop_map(uint);
    let bytes = prop_oneof![number, vec(any::<u8>(), 1..5)];
    prop_oneof![
        (any::<Index>(), 1_usize..24, any::<Index>()).prop_map(|(from, count, to)| Change::Copy {
            from,
            count,
            to
        }),
        (any::<Index>(), prop_oneof![select(vec![1, 2, 3, 4, 0x80]), 1_u8..=255])
            .prop_map(|(place, mask)| Change::Flip { place, mask }),
        (any::<Index>(), bytes).prop_map(|(place, bytes)| Change::Insert { place, bytes }),
        (any::<Index>(), 1_usize..6).prop_map(|(place, count)| Change::Remove { place, count }),
        any::<Index>().prop_map(|place| Change::Truncate { place }),
    ]
}

impl Mutation {
    fn apply(&self, stream: &mut Vec<u8>) {
        let mut messages = messages(stream);
        if messages.is_empty() {
            return;
        }
        let count = messages.len();
        match self {
            Self::Bytes(change) => return change.apply(stream),
            Self::Message(which, change) => change.apply(&mut messages[which.index(count)]),
            Self::RemoveMessage(which) => drop(messages.remove(which.index(count))),
            Self::RepeatMessage(which, to) => {
                let message = messages[which.index(count)].clone();
                messages.insert(to.index(count + 1), message);
            }
        }
        *stream = messages.iter().flat_map(|content| framed(content)).collect();
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |index: &Index| index.index(bytes.len() + 1);
        let end = |start: usize, count| bytes.len().min(start + count);
        match self {
            Self::Copy { from, count, to } => {
                let (from, to) = (place(from), place(to));
                let copy = bytes[from..end(from, *count)].to_vec();
                bytes.splice(to..to, copy);
            }
            Self::Flip { place: at, mask } => {
                let at = place(at);
                bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= mask);
            }
            Self::Insert { place: at, bytes: new } => {
                let at = place(at);
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Remove { place: at, count } => {
                let at = place(at);
                bytes.drain(at..end(at, *count));
            }
            Self::Truncate { place: at } => bytes.truncate(place(at)),
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer asks for an update so")]
fn the_corpus_ends_as_it_says() {
    if std::env::var_os("CORPUS").is_some_and(|value| value == "update") {
        Decoder::ALL.into_iter().for_each(update);
    }
    for decoder in Decoder::ALL {
        let kept = decoder.kept();
        assert!(kept.len() >= 10, "the corpus of {decoder:?} is there");
        for (end, bytes) in kept {
            assert_eq!(decoder.decode(&bytes), end);
        }
    }
}

/// Keeps what is there under the ends that it has by now, and looks for ends
/// that no file shows yet. What it finds is the seed of the next round.
fn update(decoder: Decoder) {
    let (in_place, misplaced): (BTreeMap<_, _>, BTreeMap<_, _>) =
        decoder.kept().into_iter().partition(|(end, bytes)| decoder.decode(bytes) == *end);
    for (end, bytes) in misplaced {
        fs::remove_file(decoder.file(&end)).unwrap();
        let end = decoder.decode(&bytes);
        if !in_place.contains_key(&end) {
            decoder.keep(&end, &bytes);
        }
    }
    let mut runner = TestRunner::deterministic();
    for _round in 0..10 {
        let strategy = decoder.mutated();
        let mut kept = decoder.kept();
        for _ in 0..10_000 {
            let bytes = strategy.new_tree(&mut runner).unwrap().current();
            let end = decoder.decode(&bytes);
            if kept.get(&end).is_none_or(|known| bytes.len() < known.len()) {
                decoder.keep(&end, &bytes);
                kept.insert(end, bytes);
            }
        }
    }
}

/// These inputs are cheap, and most of them end soon.
fn config() -> ProptestConfig {
    let cases = ProptestConfig::default().cases * 8;
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn mutated_requests_of_juju_exec_do_no_harm(bytes in Decoder::ExecRequest.mutated()) {
        Decoder::ExecRequest.decode(&bytes);
    }

    #[test]
    fn mutated_requests_do_no_harm(bytes in Decoder::Request.mutated()) {
        Decoder::Request.decode(&bytes);
    }

    #[test]
    fn mutated_responses_do_no_harm(bytes in Decoder::Response.mutated()) {
        Decoder::Response.decode(&bytes);
    }

    #[test]
    fn mutated_streams_to_the_agent_do_no_harm(bytes in Decoder::ToAgent.mutated()) {
        Decoder::ToAgent.decode(&bytes);
    }

    #[test]
    fn mutated_streams_to_the_client_do_no_harm(bytes in Decoder::ToClient.mutated()) {
        Decoder::ToClient.decode(&bytes);
    }

    #[test]
    fn mutated_streams_to_the_run_socket_do_no_harm(bytes in Decoder::ToRunSocket.mutated()) {
        Decoder::ToRunSocket.decode(&bytes);
    }
}
