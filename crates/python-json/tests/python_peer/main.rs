//! A real peer: the `json` and `hashlib` of the Python that runs here, asked
//! about thousands of generated values and texts, the same in every run.
//!
//! This needs the program `python3`, so `cargo test` leaves it out (the
//! manifest says `test = false`). `cargo xtask test` runs it, or says that it
//! did not.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod form;
mod text;

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use python_json::{HashType, Value, to_string};
use serde_json::json;

use crate::form::{Form, hex};

/// Returns as many values as asked for, always the same.
fn generate<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Has Python do the tasks; returns its answers, each with its parts.
#[expect(clippy::disallowed_methods, reason = "the peer is another program")]
fn ask(tasks: &[serde_json::Value]) -> Vec<Vec<String>> {
    let mut python = Command::new("python3")
        // Neither the user's settings nor the working directory.
        .args(["-I", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python_peer/peer.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`python3` is there: install Debian's python3");
    // It answers only after it has read everything.
    let tasks: Vec<_> = tasks.iter().map(ToString::to_string).collect();
    python.stdin.take().unwrap().write_all(tasks.join("\n").as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "it says above why it failed");
    let output = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<_> =
        output.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert_eq!(answers.len(), tasks.len());
    answers
}

const HASHES: [HashType; 6] = [
    HashType::Md5,
    HashType::Sha1,
    HashType::Sha224,
    HashType::Sha256,
    HashType::Sha384,
    HashType::Sha512,
];

/// Compares what is written of each value, and counts those that are refused.
#[track_caller]
fn check_writing(forms: &[Form]) -> usize {
    let tasks: Vec<_> = forms.iter().map(|form| json!(["write", form.task()])).collect();
    let mut refused = 0;
    for (form, theirs) in forms.iter().zip(ask(&tasks)) {
        match to_string(form) {
            Ok(text) => {
                let digests = HASHES.map(|hash| hash.digest_bytes(&text).to_string());
                let ours: Vec<_> = std::iter::once(text).chain(digests).collect();
                assert_eq!(ours, theirs, "{form:?}");
            }
            Err(error) => {
                assert_eq!(theirs[0], "refused", "{error}: {form:?}");
                refused += 1;
            }
        }
    }
    refused
}

/// Compares what is read of each text, and counts those that are refused.
#[track_caller]
fn check_reading(texts: &[String]) -> usize {
    let tasks: Vec<_> = texts.iter().map(|text| json!(["rewrite", hex(text)])).collect();
    let mut refused = 0;
    for (text, theirs) in texts.iter().zip(ask(&tasks)) {
        match text.parse::<Value>() {
            Ok(value) => assert_eq!([to_string(&value).unwrap()], *theirs, "{text:?}"),
            Err(error) => {
                assert_eq!(theirs[0], "refused", "{error}: {text:?}");
                refused += 1;
            }
        }
    }
    refused
}

#[test]
fn writes_floats_as_python_does() {
    let refused = check_writing(&generate(&form::floats(), 10_000));
    assert!((100..1000).contains(&refused), "{refused}");
}

#[test]
fn writes_values_as_python_does() {
    let refused = check_writing(&generate(&form::values(), 3000));
    assert!((100..1000).contains(&refused), "{refused}");
}

#[test]
fn writes_deep_values_as_python_does() {
    assert_eq!(check_writing(&generate(&form::deep_values(), 50)), 0);
}

#[test]
fn writes_every_character_as_python_does() {
    let all: Vec<char> = ('\0'..=char::MAX).collect();
    let forms: Vec<_> = all.chunks(1000).map(|some| Form::Text(some.iter().collect())).collect();
    assert_eq!(check_writing(&forms), 0);
}

#[test]
fn reads_texts_as_python_does() {
    let refused = check_reading(&generate(&text::texts(), 6000));
    assert!((1500..4500).contains(&refused), "{refused}");
}
