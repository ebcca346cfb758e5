//! The recorded hook tools of the real agent, replayed.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::os::unix::net::UnixStream;
use std::process::{Command, Output, Stdio};

use juju_agent_rpc::{Client, Request};
use juju_simulator::{LogLevel, Simulator};
use juju_types::Event;
use serde_json::Value;

use crate::charm::{TestCharm, builder, last};
use crate::exchange::Exchange;
use crate::recording::{Call, Logged, Recording, other_folder, recordings, state};

/// What the recorder's model has and a [`UnitState`](juju_simulator::UnitState)
/// has not, and the action, which is compared by itself.
const NOT_OURS: [&str; 10] = [
    "action",
    "agent_status",
    "api_addresses",
    "availability_zone",
    "cloud_api_version",
    "juju_proxy",
    "legacy_proxy",
    "model_type",
    "principal",
    "sla",
];

/// How lines are run that consist of one command with plain words.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Plain {
    /// Through `bash -c`, as all others.
    Shell,
    /// Over the socket, without a process.
    Socket,
}

#[test]
fn conformance_through_the_shell() {
    let counts = replay_all(Plain::Shell);
    if other_folder().is_some() {
        return;
    }
    insta::assert_snapshot!(counts, @"
    relations: 61 of 61
    general: 141 of 141
    secrets: 55 of 55
    action: 20 of 20
    non-leader: 28 of 28
    305 of 305 lines conform, 0 of them over the socket
    ");
}

#[test]
fn conformance_over_the_socket() {
    let counts = replay_all(Plain::Socket);
    if other_folder().is_some() {
        return;
    }
    insta::assert_snapshot!(counts, @"
    relations: 61 of 61
    general: 141 of 141
    secrets: 55 of 55
    action: 20 of 20
    non-leader: 28 of 28
    305 of 305 lines conform, 297 of them over the socket
    ");
}

/// Replays all recordings, and says how many lines conform. All that differs is
/// told at once.
fn replay_all(plain: Plain) -> String {
    let (mut lines, mut differences) = (Vec::new(), Vec::new());
    let (mut conforming, mut all, mut over_socket) = (0, 0, 0);
    for (name, recording) in recordings() {
        let replay = Replay { recording: &recording, plain };
        let found = replay.run();
        let count = recording.calls.len();
        lines.push(format!("{name}: {} of {count}", count - found.in_lines.len()));
        conforming += count - found.in_lines.len();
        all += count;
        over_socket += recording.calls.iter().filter(|call| replay.words(call).is_some()).count();
        let found = found.in_lines.into_iter().chain(found.at_the_end);
        differences.extend(found.map(|difference| format!("{name}: {difference}")));
    }
    lines.push(format!(
        "{conforming} of {all} lines conform, {over_socket} of them over the socket"
    ));
    let counts = lines.join("\n");
    assert!(differences.is_empty(), "{}\n{counts}", differences.join("\n"));
    counts
}

struct Replay<'a> {
    recording: &'a Recording,
    plain: Plain,
}

/// What is another than in a recording.
struct Differences {
    /// One for each line that differs.
    in_lines: Vec<String>,
    /// In how it ended, in the log and in the state.
    at_the_end: Vec<String>,
}

impl Replay<'_> {
    /// Replays the recording in one hook or action.
    fn run(&self) -> Differences {
        // The charm hands its environment over, and then only waits.
        let exchange = Exchange::new();
        let charm = TestCharm::new("env -0 > $EXCHANGE/out; read < $EXCHANGE/in")
            .file("actions.yaml", "do-it: {}\n");
        // The charm of the recorder is not known.
        let juju = builder().charm_variable("EXCHANGE", exchange.path());
        let mut juju = juju.unchecked_states().build();
        let unit = juju.restore(charm.path(), &state(&self.recording.state)).unwrap().to_string();
        let (in_lines, ids) = std::thread::scope(|scope| {
            let caller = scope.spawn(|| {
                let caller = Caller::new(&exchange.receive());
                let mut ids = Vec::new();
                let calls = self.recording.calls.iter();
                let in_lines = calls.filter_map(|call| self.check(&caller, call, &mut ids));
                let in_lines: Vec<String> = in_lines.collect();
                exchange.send("done\n");
                (in_lines, ids)
            });
            self.run_operation(&mut juju, &unit);
            caller.join().unwrap()
        });
        let mut at_the_end = Vec::new();
        at_the_end.extend(self.check_exit(&juju));
        at_the_end.extend(self.check_log(&juju));
        at_the_end.extend(self.check_state(&juju, &unit, &ids));
        Differences { in_lines, at_the_end }
    }

    fn run_operation(&self, juju: &mut Simulator, unit: &str) {
        if let Some(action) = self.recording.environment.get("JUJU_ACTION_NAME") {
            let params = self.recording.state_after["action"]["params"].clone();
            juju.run_action(unit, action, params).unwrap();
        } else {
            let event = Event::from_variables(&self.recording.environment).unwrap().unwrap();
            juju.run_hook(unit, &event).unwrap();
        }
    }

    /// Runs one line; returns what is different, if anything is. `ids` are the
    /// ids that were recorded, each with what it is here.
    fn check(
        &self,
        caller: &Caller,
        call: &Call,
        ids: &mut Vec<(String, String)>,
    ) -> Option<String> {
        let (exit, stdout, stderr) = match self.words(call) {
            Some(words) => caller.call(&words),
            None => caller.run(&call.shell),
        };
        let new = |text: &str| Some(text.strip_prefix("secret://")?.rsplit_once('/')?.1.to_owned());
        ids.extend(new(&call.stdout).zip(new(&stdout)));
        let recorded = (translate(&call.stdout, ids), translate(&call.stderr, ids));
        let expected = (call.exit, without_folder(call, &recorded.0), recorded.1.as_str());
        let found = (exit, without_folder(call, &stdout), stderr.as_str());
        difference(&call.shell, &expected, &found)
    }

    /// Returns the words of a line that is sent over the socket.
    fn words(&self, call: &Call) -> Option<Vec<String>> {
        plain_words(&call.shell).filter(|_| self.plain == Plain::Socket)
    }

    fn check_exit(&self, juju: &Simulator) -> Option<String> {
        let expected = match &self.recording.flush_error {
            None => "exit status 0".to_owned(),
            Some(error) => format!("exit status 0, but cannot flush: {error}"),
        };
        difference("end", &expected, &last(juju).exit.to_string())
    }

    fn check_log(&self, juju: &Simulator) -> Option<String> {
        // The model that was recorded logged from DEBUG on.
        let lines = last(juju).log.iter().filter(|line| line.level >= LogLevel::Debug);
        let found = lines.map(|line| Logged {
            level: line.level.to_string(),
            module: line.logger.clone(),
            message: line.message.clone(),
        });
        let expected = self.recording.juju_log.as_deref().unwrap_or_default();
        difference("log", expected, found.collect::<Vec<_>>().as_slice())
    }

    /// Compares what the lines that were replayed can have changed.
    fn check_state(&self, juju: &Simulator, unit: &str, ids: &[(String, String)]) -> Vec<String> {
        let mut differences = Vec::new();
        let found = serde_json::to_value(juju.unit_state(unit).unwrap()).unwrap();
        let expected_keys = self.recording.state_after.as_object().unwrap().keys();
        for key in expected_keys.filter(|key| !NOT_OURS.contains(&key.as_str())) {
            let mut expected = self.recording.state_after[key].clone();
            let mut found = found[key].clone();
            if key == "secrets" {
                let translated = translate(&expected.to_string(), ids);
                expected = serde_json::from_str(&translated).unwrap();
                without_what_differs(&mut expected);
                without_what_differs(&mut found);
            }
            differences.extend(difference(key, &sorted(&expected), &sorted(&found)));
        }
        if self.recording.environment.contains_key("JUJU_ACTION_NAME") {
            let mut found = found["action"].clone();
            // Added by the agent at the end, which was not recorded.
            found["results"].as_object_mut().unwrap().remove("return-code");
            let expected = &self.recording.state_after["action"];
            differences.extend(difference("action", expected, &found));
        }
        differences
    }
}

/// Says how two things differ, if they do.
fn difference<T: Debug + PartialEq + ?Sized>(
    what: &str,
    expected: &T,
    found: &T,
) -> Option<String> {
    (found != expected).then(|| format!("{what}\n  expected {expected:?}\n  found    {found:?}"))
}

/// Calls tools with the environment of a charm.
struct Caller {
    environment: BTreeMap<String, String>,
}

impl Caller {
    fn new(environment: &str) -> Self {
        let pairs = environment.split_terminator('\0').filter_map(|pair| pair.split_once('='));
        Self {
            environment: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }

    fn run(&self, line: &str) -> (i32, String, String) {
        let mut bash = Command::new("/bin/bash");
        bash.arg("-c").arg(line).env_clear().envs(&self.environment).stdin(Stdio::null());
        let Output { status, stdout, stderr } =
            bash.current_dir(self.charm_dir()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    fn call(&self, words: &[String]) -> (i32, String, String) {
        let stream = UnixStream::connect(&self.environment["JUJU_AGENT_SOCKET_ADDRESS"]).unwrap();
        let request = Request {
            context_id: self.environment["JUJU_CONTEXT_ID"].clone(),
            dir: self.charm_dir().to_owned(),
            command_name: words[0].clone(),
            args: words[1..].to_vec(),
            ..Request::default()
        };
        let response = Client::new(stream).call(&request).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (response.code, text(response.stdout), text(response.stderr))
    }

    fn charm_dir(&self) -> &str {
        &self.environment["JUJU_CHARM_DIR"]
    }
}

/// Splits a line into words if it is one command that needs no shell.
fn plain_words(line: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == ' ' => words.push(String::new()),
            None if ";|<>$&`\\".contains(c) => return None,
            _ => words.last_mut()?.push(c),
        }
    }
    // `VARIABLE=value command` needs a shell, too.
    (!words[0].contains('=')).then_some(words)
}

/// Takes away the folder of the agent, which is another one here.
fn without_folder<'a>(call: &Call, stdout: &'a str) -> &'a str {
    let start = stdout.find("/resources/").filter(|_| call.shell.starts_with("resource-get"));
    &stdout[start.unwrap_or(0)..]
}

/// Puts the ids of here in the place of those that were recorded.
fn translate(text: &str, ids: &[(String, String)]) -> String {
    ids.iter().fold(text.to_owned(), |text, (recorded, found)| {
        text.replace(recorded.trim_end(), found.trim_end())
    })
}

/// Takes away the digest of content that is compared itself, and what follows
/// from the time of day.
fn without_what_differs(secrets: &mut Value) {
    for secret in secrets.as_array_mut().into_iter().flatten() {
        secret.as_object_mut().unwrap().remove("next_rotate");
        for revision in secret["revisions"].as_array_mut().unwrap() {
            revision.as_object_mut().unwrap().remove("checksum");
        }
    }
}

/// The order of a list is not compared, and what is empty is the same as nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
            items.sort();
            items.into()
        }
        Value::Object(fields) if !fields.is_empty() => value.clone(),
        Value::Array(_) | Value::Object(_) => Value::Null,
        other => other.clone(),
    }
}
