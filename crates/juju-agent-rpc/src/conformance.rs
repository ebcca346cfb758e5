//! Replays what was recorded from Go's `net/rpc` and from a real agent: each
//! side's bytes are understood, and written again byte for byte.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::client::{CallError, Client};
use crate::gob::{BOOL, BYTES, Outgoing, STRING, TypeId};
use crate::header::{METHOD, RequestHeader};
use crate::limits::Limits;
use crate::request::Request;
use crate::response::Response;
use crate::server::Server;
use crate::testing::{Replay, hex, recording};

/// Returns everything that was recorded.
pub(crate) fn conversations() -> Vec<Conversation> {
    let Vectors { error_first, main, no_token, token_to_tokenless } = vectors();
    let of_go = [error_first, main, no_token, token_to_tokenless].map(Conversation::from);
    let of_juju = agent_conversations().into_iter().map(|(_, conversation)| conversation);
    of_go.into_iter().chain(of_juju).collect()
}

/// All calls on one connection.
pub(crate) struct Conversation {
    pub(crate) to_agent: Vec<u8>,
    pub(crate) to_client: Vec<u8>,
    pub(crate) outcomes: Vec<Result<Response, String>>,
    first_client_type: TypeId,
    first_agent_type: TypeId,
}

impl Conversation {
    /// Plays the agent, and returns the requests and what the agent wrote.
    fn serve(&self, step: usize) -> (Vec<Request>, Vec<u8>) {
        let mut stream = Replay::new(self.to_agent.as_slice()).in_steps_of(step);
        let mut requests = Vec::new();
        let mut outcomes = self.outcomes.iter().cloned();
        Server::numbering_types_from(self.first_agent_type, Limits::default(), &mut stream)
            .serve(METHOD, |request| {
                requests.push(request);
                outcomes.next().expect("there are as many outcomes as requests")
            })
            .unwrap();
        assert_eq!(outcomes.next(), None);
        (requests, stream.output)
    }

    /// Plays the client, and returns what it wrote and what it was answered.
    fn call(&self, requests: &[Request], step: usize) -> (Vec<u8>, Vec<Result<Response, String>>) {
        let mut stream = Replay::new(self.to_client.as_slice()).in_steps_of(step);
        let mut client = Client::numbering_types_from(self.first_client_type, &mut stream);
        let outcomes = requests.iter().map(|request| match client.call(request) {
            Ok(response) => Ok(response),
            Err(CallError::Refused(text)) => Err(text),
            Err(error) => panic!("{error:?}"),
        });
        let outcomes = outcomes.collect();
        (stream.output, outcomes)
    }

    /// Plays both sides, and returns the requests.
    fn check(&self) -> Vec<Request> {
        let (requests, to_client) = self.serve(usize::MAX);
        assert_eq!(to_client, self.to_client);
        let (_, outcomes) = self.call(&requests, usize::MAX);
        assert_eq!(outcomes, self.outcomes);
        requests
    }
}

#[derive(Deserialize)]
struct Vectors {
    error_first: Vec<Vector>,
    main: Vec<Vector>,
    no_token: Vec<Vector>,
    token_to_tokenless: Vec<Vector>,
}

/// One call.
#[derive(Deserialize)]
struct Vector {
    c2s: String,
    s2c: String,
    client_error: String,
    code: i32,
    stdout: String,
    stderr: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(&recording("go-1.19/gob-vectors.json")).unwrap()
}

impl From<Vec<Vector>> for Conversation {
    fn from(vectors: Vec<Vector>) -> Self {
        let all = |side: fn(&Vector) -> &str| vectors.iter().flat_map(|it| hex(side(it))).collect();
        Self {
            to_agent: all(|vector| &vector.c2s),
            to_client: all(|vector| &vector.s2c),
            outcomes: vectors.iter().map(Vector::outcome).collect(),
            // Client and agent were one process, which numbers types once.
            first_client_type: 65,
            first_agent_type: 68,
        }
    }
}

impl Vector {
    fn outcome(&self) -> Result<Response, String> {
        outcome(&self.client_error, self.code, &self.stdout, &self.stderr)
    }
}

fn outcome(refusal: &str, code: i32, stdout: &str, stderr: &str) -> Result<Response, String> {
    if refusal.is_empty() {
        Ok(Response { code, stdout: stdout.into(), stderr: stderr.into() })
    } else {
        Err(refusal.to_owned())
    }
}

/// Shows what `Debug` hides.
fn shown(requests: &[Request]) -> String {
    let mut text = String::new();
    for Request { context_id, dir, command_name, args, stdin, token } in requests {
        let stdin = stdin.as_ref().map(|bytes| String::from_utf8_lossy(bytes));
        writeln!(text, "{context_id} {dir} {command_name} {args:?} {stdin:?} {token:?}").unwrap();
    }
    text
}

#[test]
fn conformance_with_six_calls_of_go() {
    let conversation = Conversation::from(vectors().main);
    let requests = conversation.check();
    assert_eq!(conversation.call(&requests, usize::MAX).0, conversation.to_agent);
    insta::assert_snapshot!(shown(&requests), @r#"
    app/0-install-00ff /charm config-get ["--format=json", "name"] None ""
    app/0-install-00ff /charm relation-get ["-r", "99", "-", "app/0"] None ""
    app/0-install-00ff /charm relation-set ["--file", "-"] None ""
    app/0-install-00ff /charm relation-set ["--file", "-"] Some("{\"k\":\"v\"}") ""
    app/0-install-00ff /charm status-set [] None ""
    app/0-install-00ff /charm relation-set [] Some("") "s3cret"
    "#);
}

#[test]
fn conformance_with_go_where_an_error_comes_first() {
    let conversation = Conversation::from(vectors().error_first);
    let requests = conversation.check();
    assert_eq!(conversation.call(&requests, usize::MAX).0, conversation.to_agent);
    insta::assert_snapshot!(shown(&requests), @r#"
    c / nope [] None ""
    c / config-get [] None ""
    "#);
}

#[test]
fn conformance_with_go_where_the_agent_knows_no_token() {
    let conversation = Conversation::from(vectors().token_to_tokenless);
    let requests = conversation.check();
    assert_eq!(conversation.call(&requests, usize::MAX).0, conversation.to_agent);
    insta::assert_snapshot!(shown(&requests), @r#"c / config-get [] None "t""#);
}

#[test]
fn conformance_with_go_where_the_client_knows_no_token() {
    let conversation = Conversation::from(vectors().no_token);
    let requests = conversation.check();
    insta::assert_snapshot!(shown(&requests), @r#"c / config-get [] None """#);

    // This client's own type always has the token: write the other type here.
    let mut out = Outgoing::default();
    RequestHeader { method: METHOD.to_owned(), sequence: 0 }.write(&mut out, 65);
    let fields = [
        ("ContextId", STRING),
        ("Dir", STRING),
        ("CommandName", STRING),
        ("Args", 67),
        ("StdinSet", BOOL),
        ("Stdin", BYTES),
    ];
    out.define_struct(71, "RequestV4", &fields);
    out.define_slice(67, "[]string", STRING);
    out.value(71, |fields| fields.string("c").string("/").string("config-get"));
    assert_eq!(out.take_bytes(), conversation.to_agent);
}

/// One connection to the agent of Juju 3.6.28.
#[derive(Deserialize)]
struct Line {
    calls: Vec<Call>,
    client_to_server: String,
    server_to_client: String,
}

#[derive(Deserialize)]
struct Call {
    tool: String,
    args: Vec<String>,
    dir: String,
    stdin: Option<String>,
    exit_code: i32,
    stdout: String,
    stderr: String,
    rpc_error: Option<String>,
}

fn agent_conversations() -> Vec<(Vec<Call>, Conversation)> {
    let lines = recording("juju-3.6.28/agent-rpc.jsonl");
    let conversations = lines.lines().map(|line| {
        let line: Line = serde_json::from_str(line).unwrap();
        let outcomes = line.calls.iter().map(|call| {
            let refusal = call.rpc_error.as_deref().unwrap_or_default();
            outcome(refusal, call.exit_code, &call.stdout, &call.stderr)
        });
        let conversation = Conversation {
            to_agent: hex(&line.client_to_server),
            to_client: hex(&line.server_to_client),
            outcomes: outcomes.collect(),
            first_client_type: 64,
            first_agent_type: 64,
        };
        (line.calls, conversation)
    });
    conversations.collect()
}

#[test]
fn conformance_with_the_agent_of_juju_3_6_28() {
    let conversations = agent_conversations();
    assert_eq!(conversations.len(), 9);
    for (calls, conversation) in conversations {
        let requests = conversation.check();
        assert_eq!(conversation.call(&requests, usize::MAX).0, conversation.to_agent);
        assert_eq!(requests.len(), calls.len());
        for (request, call) in requests.iter().zip(calls) {
            assert_eq!(request.command_name, call.tool);
            assert_eq!(request.args, call.args);
            assert_eq!(request.dir, call.dir);
            assert_eq!(request.stdin, call.stdin.map(String::into_bytes));
            assert_eq!(request.token, "");
        }
    }
}

#[test]
fn conformance_of_the_call_that_asks_for_stdin() {
    let (calls, conversation) = agent_conversations().swap_remove(2);
    let [first, _] = &conversation.serve(usize::MAX).0[..] else { panic!("two calls") };
    let mut stream = Replay::new(conversation.to_client.as_slice());
    let mut client = Client::numbering_types_from(64, &mut stream);
    let stdin = calls[1].stdin.clone().unwrap().into_bytes();
    let response = client.call_with_stdin(first, || Ok(stdin)).unwrap();
    assert_eq!(Ok(response), conversation.outcomes[1]);
    assert_eq!(stream.output, conversation.to_agent);
}

#[test]
fn conformance_of_streams_that_come_byte_by_byte() {
    let conversation = Conversation::from(vectors().main);
    let (requests, to_client) = conversation.serve(1);
    assert_eq!(to_client, conversation.to_client);
    let (to_agent, outcomes) = conversation.call(&requests, 1);
    assert_eq!(to_agent, conversation.to_agent);
    assert_eq!(outcomes, conversation.outcomes);
}
