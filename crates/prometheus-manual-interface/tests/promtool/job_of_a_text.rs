//! Jobs that stand and fall with one text.

use proptest::prelude::*;
use proptest::sample::select;
use python_json::Value;

use crate::text::{regex, text};

/// A job with one text, in the place of each `TEXT`.
pub(crate) fn job_of_a_text() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![text(), regex()];
    (select(JOBS_OF_A_TEXT), texts)
        .prop_map(|(job, text)| put(&job.parse().expect("it is JSON"), &text))
}

/// A job with an expression.
pub(crate) fn job_of_an_expression() -> impl Strategy<Value = Value> {
    let job = r#"{"job_name": "a", "relabel_configs": [{"action": "drop", "regex": "TEXT"}]}"#;
    regex().prop_map(|regex| put(&job.parse().expect("it is JSON"), &regex))
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
