//! Jobs that are slightly wrong, or wildly.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use python_json::{Float, Integer, Value};

use crate::text::text;

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

/// Anything.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => select(INTEGERS).prop_map(|digits| Value::Integer(digits.parse::<Integer>().expect("they are digits"))),
        1 => select(FLOATS).prop_map(|number| Value::Float(Float::try_from(number).expect("it is finite"))),
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
    select(KEYS).prop_map(str::to_owned)
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
