//! Jobs that are slightly wrong, or wildly.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use python_json::{Float, Integer, Value};

/// A change of a job at some place.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    /// Puts a value in the place of another.
    Replace(Value),
    /// Puts a value where one of the same kind is, if there is.
    ReplaceText(String),
    /// Adds a key to a map, or an element to a list.
    Add(String, Value),
    Remove,
    /// Puts what is at one place at another.
    Copy(Index),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => value().prop_map(Mutation::Replace),
        5 => text().prop_map(Mutation::ReplaceText),
        2 => (prop_oneof![key(), text()], value()).prop_map(|(key, value)| Mutation::Add(key, value)),
        2 => Just(Mutation::Remove),
        1 => any::<Index>().prop_map(Mutation::Copy),
    ]
}

impl Mutation {
    pub(crate) fn apply(&self, job: &mut Value, place: Index) {
        let copied = match self {
            Self::Copy(source) => at(job, &mut source.index(count(job))).cloned(),
            _ => None,
        };
        let texts_only = matches!(self, Self::ReplaceText(_));
        let places: Vec<usize> = (0..count(job))
            .filter(|place| {
                !texts_only || matches!(at(job, &mut { *place }), Some(Value::String(_)))
            })
            .collect();
        if places.is_empty() {
            return;
        }
        let Some(value) = at(job, &mut places[place.index(places.len())].clone()) else { return };
        match (self, value) {
            (Self::Replace(new), value) => *value = new.clone(),
            (Self::ReplaceText(new), value) => *value = Value::String(new.clone()),
            (Self::Add(_, new), Value::Array(list)) => list.push(new.clone()),
            (Self::Add(key, new), Value::Object(map)) => {
                map.insert(key.clone(), new.clone());
            }
            (Self::Add(..), _) => {}
            (Self::Remove, Value::Array(list)) => drop(list.pop()),
            (Self::Remove, Value::Object(map)) => {
                let key = map.keys().nth(place.index(map.len().max(1))).cloned();
                key.and_then(|key| map.remove(&key));
            }
            (Self::Remove, value) => *value = Value::Null,
            (Self::Copy(_), value) => *value = copied.unwrap_or_default(),
        }
    }
}

/// How many values there are, the job itself aside.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(|value| 1 + count(value)).sum(),
        Value::Object(map) => map.values().map(|value| 1 + count(value)).sum(),
        _ => 0,
    }
}

fn at<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    let values: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return None,
    };
    for value in values {
        if *left == 0 {
            return Some(value);
        }
        *left -= 1;
        if let Some(found) = at(value, left) {
            return Some(found);
        }
    }
    None
}

/// A job with one text, in the place of each `TEXT`.
pub(crate) fn job_of_a_text() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![text(), regex()];
    (select(JOBS_OF_A_TEXT), texts).prop_map(|(job, text)| put(&job.parse().unwrap(), &text))
}

/// A job with an expression.
pub(crate) fn job_of_an_expression() -> impl Strategy<Value = Value> {
    let job = r#"{"job_name": "a", "relabel_configs": [{"action": "drop", "regex": "TEXT"}]}"#;
    regex().prop_map(|regex| put(&job.parse().unwrap(), &regex))
}

fn put(value: &Value, text: &str) -> Value {
    match value {
        Value::String(place) if place == "TEXT" => Value::String(text.to_owned()),
        Value::Array(list) => Value::Array(list.iter().map(|value| put(value, text)).collect()),
        Value::Object(map) => {
            let key = |key: &str| if key == "TEXT" { text } else { key }.to_owned();
            Value::Object(map.iter().map(|(name, value)| (key(name), put(value, text))).collect())
        }
        value => value.clone(),
    }
}

const JOBS_OF_A_TEXT: &[&str] = &[
    r#"{"job_name": "TEXT"}"#,
    r#"{"job_name": "a", "TEXT": "1s"}"#,
    r#"{"job_name": "a", "scrape_interval": "TEXT"}"#,
    r#"{"job_name": "a", "scrape_timeout": "TEXT"}"#,
    r#"{"job_name": "a", "scrape_timeout": "TEXT", "scrape_interval": "1h"}"#,
    r#"{"job_name": "a", "body_size_limit": "TEXT"}"#,
    r#"{"job_name": "a", "scheme": "TEXT", "static_configs": [{"targets": ["a"]}]}"#,
    r#"{"job_name": "a", "proxy_url": "TEXT"}"#,
    r#"{"job_name": "a", "params": {"TEXT": ["TEXT"]}, "static_configs": [{"targets": ["a"]}]}"#,
    r#"{"job_name": "a", "authorization": {"type": "TEXT"}}"#,
    r#"{"job_name": "a", "static_configs": [{"targets": ["TEXT"]}]}"#,
    r#"{"job_name": "a", "static_configs": [{"targets": ["a"], "labels": {"TEXT": "TEXT"}}]}"#,
    r#"{"job_name": "a", "static_configs": [{"targets": ["a"], "labels": {"__scheme__": "TEXT"}}]}"#,
    r#"{"job_name": "a", "static_configs": [{"targets": ["a"], "labels": {"__scrape_timeout__": "TEXT"}}]}"#,
    r#"{"job_name": "a", "static_configs": [{"targets": ["a"], "labels": {"__scrape_interval__": "TEXT"}}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"action": "drop", "regex": "TEXT"}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"action": "TEXT", "target_label": "a"}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"target_label": "TEXT", "source_labels": ["TEXT"]}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"target_label": "TEXT"}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"action": "labelmap", "replacement": "TEXT"}]}"#,
    r#"{"job_name": "a", "relabel_configs": [{"action": "uppercase", "target_label": "TEXT"}]}"#,
    r#"{"job_name": "a", "file_sd_configs": [{"files": ["TEXT"]}]}"#,
    r#"{"job_name": "a", "http_sd_configs": [{"url": "TEXT"}]}"#,
    r#"{"job_name": "a", "docker_sd_configs": [{"host": "TEXT"}]}"#,
    r#"{"job_name": "a", "puppetdb_sd_configs": [{"url": "TEXT", "query": "TEXT"}]}"#,
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => select(INTEGERS).prop_map(|digits| Value::Integer(digits.parse::<Integer>().unwrap())),
        1 => select(FLOATS).prop_map(|number| Value::Float(Float::try_from(number).unwrap())),
        4 => text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            btree_map(prop_oneof![key(), text()], inner, 0..3).prop_map(Value::Object),
        ]
    })
}

const INTEGERS: &[&str] = &[
    "-1",
    "0",
    "1",
    "80",
    "65535",
    "65536",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
];
const FLOATS: &[f64] = &[0.0, -0.5, 1.0, 1.5, 1e5, 1e16, 1e300, 5e-324];

fn key() -> impl Strategy<Value = String> {
    select(KEYS).prop_map(|key| key.to_owned())
}

const KEYS: &[&str] = &[
    "job_name",
    "scrape_interval",
    "scrape_timeout",
    "relabel_configs",
    "static_configs",
    "targets",
    "labels",
    "basic_auth",
    "bearer_token",
    "authorization",
    "oauth2",
    "tls_config",
    "proxy_url",
    "regex",
    "action",
    "replacement",
    "modulus",
    "separator",
    "source_labels",
    "target_label",
    "port",
    "refresh_interval",
    "role",
    "filters",
    "password",
    "password_file",
    "credentials",
    "cert_file",
    "min_version",
    "server_name",
    "params",
    "scheme",
    "server",
    "url",
    "username",
    "client_secret",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(TEXTS).prop_map(|text| text.to_owned()),
        3 => "([0-9]{1,3}(ms|[smhdwy]|)){1,3}",
        5 => regex(),
        2 => r"[a-z_]{0,3}(\$([0-9]|\{[a-z0-9]{0,2}\})?)?[a-z0-9_-]{0,3}",
        3 => "(http|https|unix|ftp|[a-z+1.-]{1,3})(://|:|//)([a-zA-Z:@%4]{1,4}@)?[a-zA-Z0-9.\\-_\\[\\]:%\u{e4}]{0,8}(:[0-9]{0,6})?(/[ -~\u{e4}]{0,5})?",
        1 => "[0-9]{0,21}(B|[KMGTPE]i?B)",
        1 => "/?[a-z/*.]{0,6}\\.(json|yml|yaml|YAML|txt)",
        1 => any::<String>(),
        1 => "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{2028}\u{feff}\u{ffff}\u{1f600}\u{e000}]{1,4}",
        1 => "[a-z]{120,130}",
    ]
}

const TEXTS: &[&str] = &[
    "",
    "null",
    "~",
    "<<",
    "=",
    "true",
    "no",
    "0",
    "15",
    "1e3",
    ".inf",
    "0x1f",
    "2001-01-01",
    "a",
    "a/b",
    "a:1",
    "__address__",
    "__scheme__",
    "http",
    "https",
    "HTTP",
    "replace",
    "KEEP",
    "drop",
    "hashmod",
    "labelmap",
    "labeldrop",
    "labelkeep",
    "lowercase",
    "keepequal",
    "TLS12",
    "basic",
    " Basic ",
    "SRV",
    "A",
    "a\nb",
    "!!str a",
    "&a",
    "*a",
    "- a",
    "{a: b}",
    "# a",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "1_000",
    "0o7",
    "1:30",
];

/// Texts of the parts of which expressions are made, well formed or not.
fn regex() -> impl Strategy<Value = String> {
    let part = select(REGEX_PARTS).prop_map(|part| part.to_owned());
    let nested = part.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), select(REGEX_REPETITIONS))
                .prop_map(|(inner, times)| format!("({inner}){times}")),
            vec(inner.clone(), 1..3).prop_map(|parts| parts.join("|")),
            vec(inner, 1..3).prop_map(|parts| parts.concat()),
        ]
    });
    prop_oneof![3 => nested, 1 => r"[a-c(){}\[\]|*+?.\\^$,0-9:<>P&~\-]{0,9}"]
}

const REGEX_REPETITIONS: &[&str] =
    &["", "*", "+?", "{2}", "{100}", "{0,31}", "{32,}", "{1000}", "{0}", "{,5}", "{2,1}"];

const REGEX_PARTS: &[&str] = &[
    "a",
    ".",
    "\\.",
    "\\d",
    "\\W",
    "\\pL",
    "\\p{Greek}",
    "\\p{Han}",
    "\\P{Lu}",
    "\\p{Zs}",
    "\\p{Cn}",
    "\\p{greek}",
    "\\x41",
    "\\x{1F600}",
    "\\x{D800}",
    "\\x{00000041}",
    "\\u0041",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\Z",
    "\\<",
    "\\b{start}",
    "^",
    "$",
    "^*",
    "$+",
    "[a-z]",
    "[^a]",
    "[]a]",
    "[a-]",
    "[a-b-c]",
    "[[:alpha:]]",
    "[[:^word:]]",
    "[a&&b]",
    "[a--b]",
    "[a~~b]",
    "[[a]]",
    "[\\d\\pL]",
    "[\\x41-\\x{5A}]",
    "[\\]]",
    "[\\-a]",
    "[a-\\d]",
    "(?i)",
    "(?i-s:a)",
    "(?U)",
    "(?R)",
    "(?x)",
    "(?u:a)",
    "(?P<n>a)",
    "(?P<n1_>a)",
    "(?P<ä>a)",
    "(?<n>a)",
    "(?=a)",
    "()",
    "(|a)",
    "a**",
    "a{2}{2}",
    "a{1001}",
    "a{1,1000}?",
    "\\Qa\\E",
    "\\C",
    "\\_",
    "\\ ",
    "\\/",
    "\\-",
    "\\a\\f\\t\\n\\r\\v",
    "\\e",
    "\\1",
    "\\0",
    "\\07",
    "ä",
    "{",
    "}",
    "]",
    "a{",
    "a{ 2 }",
    "(?:)",
    "(?i)*",
    "\\%",
    "\\&",
    "\\~",
    "\\#",
    "\n",
    "\u{0}",
];
