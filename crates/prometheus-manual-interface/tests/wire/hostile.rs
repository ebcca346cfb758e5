//! Whatever is on the wire: nothing panics, and no secret is shown.

use prometheus_manual_interface::{JobFiles, JobRequest, LocalFiles, compat};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::all_files;

/// What is planted in each text and must be in no message.
const SECRET: &str = "hunter2";

/// Keys that mean something, and one that does not.
const KEYS: [&str; 24] = [
    "authorization",
    "ca_cert",
    "ca_file",
    "cert_file",
    "client_cert",
    "client_file",
    "client_key",
    "credentials_file",
    "file_sd_configs",
    "http_sd_configs",
    "insecure_skip_verify",
    "job_data",
    "job_name",
    "key_file",
    "labels",
    "oauth2",
    "other",
    "params",
    "password_file",
    "request_id",
    "scheme",
    "static_configs",
    "targets",
    "tls_config",
];

const TEXTS: [&str; 8] = [
    "",
    "__ca_file__",
    "__cert_file__",
    "__key_file__",
    "__any__",
    "https",
    "{}",
    r#"{"tls_config": {}}"#,
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        proptest::sample::select(&TEXTS[..]).prop_map(Value::from),
        ".{0,3}".prop_map(|text| Value::from(format!("{text}{SECRET}{text}"))),
    ];
    leaf.prop_recursive(5, 48, 4, |value| {
        prop_oneof![
            proptest::collection::vec(value.clone(), 0..4).prop_map(Value::from),
            mapping(value),
        ]
    })
}

fn mapping(value: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    let entry = (proptest::sample::select(&KEYS[..]), value);
    proptest::collection::vec(entry, 0..6).prop_map(|entries| {
        let entries = entries.into_iter().map(|(key, value)| match key {
            // Names and ids are shown, and nobody takes them for secrets.
            "job_name" | "request_id" if value.is_string() => (key.to_owned(), "node".into()),
            _ => (key.to_owned(), value),
        });
        Value::Object(entries.collect::<Map<_, _>>())
    })
}

/// Reads and renders a setting, and returns all that can be shown of it.
fn shown(text: &str) -> Vec<String> {
    let requests = JobRequest::read_all(&[("request_1".to_owned(), text.to_owned())].into());
    let mut shown = vec![format!("{requests:?}")];
    shown.extend(requests.malformed.iter().map(ToString::to_string));
    for (id, request) in &requests.by_id {
        let (key, text) = request.to_setting(id).unwrap();
        assert_eq!(JobRequest::read_all(&[(key, text)].into()).by_id[id], *request);
        for local_files in [LocalFiles::Leave, LocalFiles::Refuse] {
            for files in [JobFiles::default(), all_files()] {
                match request.render("node-1", &files.with_local_files(local_files)) {
                    Ok(config) => shown.push(format!("{config:?}")),
                    Err(defect) => shown.push(format!("{defect} {defect:?}")),
                }
            }
        }
        if let Err(error) = compat::to_json(request, id, Some("/a"), Some("/b"), Some("/c")) {
            shown.push(format!("{error} {error:?}"));
        }
    }
    shown
}

fn check_hidden(setting: &Value) -> Result<(), TestCaseError> {
    for shown in shown(&setting.to_string()) {
        prop_assert!(!shown.contains(SECRET), "{}", shown);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_value_is_read_and_rendered_without_panic_and_shows_no_secret(value in value()) {
        check_hidden(&value)?;
    }

    #[test]
    fn any_job_is_rendered_without_panic_and_shows_no_secret(data in mapping(value())) {
        let request = serde_json::json!({
            "ca_cert": SECRET, "client_cert": SECRET, "client_key": SECRET,
            "job_data": data, "job_name": "node",
        });
        check_hidden(&request)?;
    }

    #[test]
    fn any_text_is_read_without_panic(text: String) {
        shown(&text);
    }
}
