//! The bytes on the wire, against recordings of the Python layers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use python_json::Value;
use reactive_endpoints::{EndpointKey, Request, RequestId, RequesterEndpoint, ResponderEndpoint};
use serde::{Deserialize, Serialize};

use super::model::{Model, Outcome, first};

/// A job as the Python layer has it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct PythonJob {
    job_name: String,
    job_data: Value,
    ca_cert: Option<String>,
    client_cert: Option<String>,
    client_key: Option<String>,
}

impl Request for PythonJob {
    type Response = Outcome;

    fn key(&self) -> Option<Cow<'_, str>> {
        Some(self.job_name.as_str().into())
    }
}

const PROMETHEUS: EndpointKey<RequesterEndpoint<PythonJob>> = EndpointKey::new("prometheus");
const JOBS: EndpointKey<ResponderEndpoint<PythonJob>> = EndpointKey::new("jobs");

/// Returns the settings with that prefix which the Python charm has published
/// at last.
#[expect(clippy::disallowed_methods, reason = "newer recordings can be put in the place of ours")]
fn recorded(file: &str, prefix: &str) -> BTreeMap<String, String> {
    let folder = std::env::var_os("PYTHON_RECORDINGS").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings/python-peers").into(),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let hooks: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let published = hooks.iter().rev().flat_map(|hook| hook["published"].as_array().unwrap());
    let mut bags = published.map(|relation| {
        let data = relation["local_unit_data"].as_object().unwrap().iter();
        let data = data.filter(|(key, _)| key.starts_with(prefix));
        data.map(|(key, text)| (key.clone(), text.as_str().unwrap().to_owned())).collect()
    });
    bags.find(|bag: &BTreeMap<String, String>| bag.len() > 1).unwrap()
}

fn model() -> Model {
    let mut model = Model::empty();
    model.deploy("app", 1, |charm| charm.endpoint(PROMETHEUS));
    model.deploy("prom", 1, |charm| charm.endpoint(JOBS));
    model.integrate("app:prometheus", "prom:jobs");
    model
}

#[test]
fn a_request_has_the_bytes_of_the_recording() {
    let recorded = recorded("prometheus-manual.provides.json", "request_");
    let mut model = model();
    let expected = recorded.clone();
    model.act("app/0", move |cx| {
        for (key, text) in recorded {
            let job: PythonJob = python_json::from_str(&text)?;
            let id: RequestId = key.strip_prefix("request_").unwrap().parse()?;
            cx.endpoint(PROMETHEUS).create_with_id(&first(cx, PROMETHEUS)?, id, job)?;
        }
        Ok(())
    });
    assert_eq!(model.published("app/0", &"prometheus:0".parse().unwrap()), expected);
}

#[test]
fn a_response_has_the_bytes_of_the_recording() {
    let requests = recorded("prometheus-manual.provides.json", "request_");
    let mut expected = recorded("prometheus-manual.requires.json", "response_");
    expected.retain(|key, _| requests.contains_key(&key.replace("response_", "request_")));
    assert_eq!(expected.len(), 2);
    let mut model = model();
    let settings: Vec<(&str, &str)> =
        requests.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    model.publish("app/0", &settings);
    model.act("prom/0", |cx| {
        for request in cx.endpoint(JOBS).new_requests()? {
            request.respond(&Outcome { success: true, reason: None })?;
        }
        Ok(())
    });
    assert_eq!(model.published("prom/0", &"jobs:0".parse().unwrap()), expected);
}
