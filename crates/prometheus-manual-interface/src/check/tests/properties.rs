use std::slice;
use std::sync::LazyLock;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use python_json::Value;

use super::{GOOD, check_in, jobs};
use crate::check::settings::Settings;
use crate::prometheus_version::PrometheusVersion;
use crate::scrape_config::ScrapeConfig;

const SECRET: &str = "hunter2-0123";

/// Settings that hold a secret, or may.
const SECRET_SETTINGS: [&str; 16] = [
    r#"{"basic_auth": {"username": "a", "password": SECRET}}"#,
    r#"{"basic_auth": SECRET}"#,
    r#"{"authorization": {"credentials": SECRET, "type": "basic"}}"#,
    r#"{"authorization": SECRET}"#,
    r#"{"bearer_token": SECRET, "bearer_token_file": "/a"}"#,
    r#"{"oauth2": {"client_id": "a", "client_secret": SECRET, "client_secret_file": "/b", "token_url": "c"}}"#,
    r#"{"oauth2": {"client_id": "a", "client_secret": "a", "token_url": "c", "endpoint_params": {"a": SECRET}}}"#,
    r#"{"tls_config": {"key": SECRET}}"#,
    r#"{"proxy_url": SECRET}"#,
    r#"{"proxy_connect_header": {"a": SECRET}}"#,
    r#"{"params": {"token": SECRET}}"#,
    r#"{"http_sd_configs": [{"url": SECRET}]}"#,
    r#"{"docker_sd_configs": [{"host": SECRET}]}"#,
    r#"{"scaleway_sd_configs": [{"access_key": SECRET, "secret_key": SECRET, "project_id": SECRET}]}"#,
    r#"{"consul_sd_configs": [{"token": SECRET, "password": SECRET, "bearer_token": SECRET, "server": SECRET}]}"#,
    r#"{"http_headers": {"X-Token": {"secrets": SECRET}}}"#,
];

/// A secret, alone or in something that should not be there.
fn secret() -> impl Strategy<Value = String> {
    select(vec![
        format!(r#""{SECRET}""#),
        format!(r#""http://user:{SECRET}@[a/""#),
        format!(r#""http://user:{SECRET}%@a/""#),
        format!(r#""ftp://user:{SECRET}@a\n""#),
        format!(r#"["{SECRET}"]"#),
        format!(r#"[["{SECRET}"]]"#),
        format!(r#"{{"a": "{SECRET}"}}"#),
        format!(r#"[{{"a": ["{SECRET}"]}}]"#),
    ])
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(|after| Value::Integer(after.into())),
        any::<String>().prop_map(Value::String),
        "[ -~]{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 30, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map(key(), inner, 0..4).prop_map(Value::Object),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(KEYS.as_slice()), 1 => any::<String>()]
}

/// The keys of all good jobs.
static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for job in jobs(GOOD).values() {
        collect_keys(job, &mut keys);
    }
    keys
});

fn collect_keys(settings: &Settings, keys: &mut Vec<String>) {
    for (key, value) in settings {
        keys.push(key.clone());
        let inner =
            if let Value::Array(list) = value { list.as_slice() } else { slice::from_ref(value) };
        for value in inner {
            if let Value::Object(settings) = value {
                collect_keys(settings, keys);
            }
        }
    }
}

/// Puts a value in the place of the one that is found after so many others.
fn replace(job: &mut Value, after: &mut usize, new: &Value) {
    let values: Vec<&mut Value> = match job {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return,
    };
    for value in values {
        match after.checked_sub(1) {
            None => return,
            Some(0) => *value = new.clone(),
            Some(_) => {}
        }
        *after -= 1;
        replace(value, after, new);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn tells_no_secret(settings in select(&SECRET_SETTINGS[..]), secret in secret(), is_new: bool) {
        let job = settings.replace("SECRET", &secret);
        let version = if is_new { "3.5.0" } else { "2.42.0" };
        let said = check_in(&job, version);
        prop_assert!(!said.contains(SECRET), "{} for {}", said, job);
    }

    #[test]
    fn takes_any_settings_without_panic(settings in btree_map(key(), value(), 0..6)) {
        let version = PrometheusVersion::new(2, 42, 0);
        if let Err(defect) = ScrapeConfig::new("a", settings).check(version) {
            prop_assert!(defect.to_string().len() < 2000, "{}", defect);
        }
    }

    #[test]
    fn takes_a_wrong_value_anywhere_without_panic(
        (name, job) in select(jobs(GOOD).into_iter().collect::<Vec<_>>()),
        mut after in 1..40_usize,
        value in value(),
    ) {
        let mut job = Value::Object(job);
        replace(&mut job, &mut after, &value);
        let Value::Object(job) = job else { panic!("{name} is replaced as a whole") };
        let version = PrometheusVersion::new(3, 5, 0);
        if let Err(defect) = ScrapeConfig::new("a", job).check(version) {
            prop_assert!(defect.to_string().len() < 2000, "{}", defect);
        }
    }
}
