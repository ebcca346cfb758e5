//! What the Python layer has rendered of recorded requests, rendered again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use prometheus_manual_interface::{JobId, JobRequest, compat};
use serde::Deserialize;
use serde_json::Value;

/// What `to_json` has made of a request.
#[derive(Deserialize)]
struct Rendered {
    request_id: String,
    to_json: Value,
    to_json_all_files: Value,
    to_json_ca_only_text: String,
}

const CA: Option<&str> = Some("/etc/p/ca.crt");
const CERT: Option<&str> = Some("/etc/p/c.crt");
const KEY: Option<&str> = Some("/etc/p/k.key");

#[test]
fn python_rendered_the_same_of_each_recorded_request() {
    let requests = requests();
    let rows: Vec<Rendered> = read("prometheus-manual.rendered.json");
    assert!(!rows.is_empty());
    for row in rows {
        let id: JobId = row.request_id.parse().unwrap();
        let render = |ca_file, cert_file, key_file| {
            compat::to_json(&requests[&id], &id, ca_file, cert_file, key_file).unwrap()
        };
        let json = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        assert_eq!(json(render(None, None, None)), row.to_json);
        assert_eq!(json(render(CA, CERT, KEY)), row.to_json_all_files);
        assert_eq!(render(CA, None, None), row.to_json_ca_only_text);
    }
}

#[test]
fn each_recorded_setting_is_written_again_as_it_was() {
    let mut settings = 0;
    for text in databags().iter().flatten() {
        let databag = [(text.0.clone(), text.1.clone())].into();
        let requests = JobRequest::read_all(&databag);
        assert_eq!(requests.malformed, []);
        for (id, request) in requests.by_id {
            assert_eq!(&request.to_setting(&id).unwrap(), text);
            settings += 1;
        }
    }
    assert!(settings > 0);
}

/// Returns all requests, each as it was last.
fn requests() -> BTreeMap<JobId, JobRequest> {
    let databags = databags().into_iter();
    databags
        .flat_map(|databag| JobRequest::read_all(&databag.into_iter().collect()).by_id)
        .collect()
}

/// Returns what the exporter's units had published when the other charm saw it.
fn databags() -> Vec<Vec<(String, String)>> {
    let hooks: Vec<Hook> = read("prometheus-manual.requires.json");
    let relations = hooks.into_iter().flat_map(|hook| hook.state_before);
    let databags = relations.flat_map(|relation| relation.remote_units.into_values());
    databags.map(|databag| databag.into_iter().collect()).collect()
}

#[derive(Deserialize)]
struct Hook {
    state_before: Vec<Relation>,
}

#[derive(Deserialize)]
struct Relation {
    remote_units: BTreeMap<String, BTreeMap<String, String>>,
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(&fs::read_to_string(folder().join(file)).unwrap()).unwrap()
}

/// Returns the folder with the recordings: the tree's own, or others that are
/// to be tried.
#[expect(clippy::disallowed_methods, reason = "newer recordings can be put in the place of ours")]
fn folder() -> PathBuf {
    std::env::var_os("PYTHON_RECORDINGS").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings/python-peers").into(),
        PathBuf::from,
    )
}
