//! The bytes on the wire, where the ids are those of the recording.

use reactive_endpoints::RequestId;

use super::charms;
use super::recorded::published_at_last;
use crate::model::{Model, PROMETHEUS};

const PROVIDES: &str = "prometheus-manual.provides.json";
const REQUIRES: &str = "prometheus-manual.requires.json";

#[test]
fn a_request_has_the_bytes_of_the_recording() {
    let recorded = published_at_last(PROVIDES, "request_");
    let mut model = Model::new();
    let expected = recorded.clone();
    model.act("app/0", move |cx| {
        let prometheus = cx.endpoint(PROMETHEUS);
        let relation = &prometheus.relations()?[0];
        for (key, text) in recorded {
            let id: RequestId = key.strip_prefix("request_").unwrap().parse()?;
            prometheus.create_with_id(relation, id, charms::job(&text))?;
        }
        Ok(())
    });
    assert_eq!(model.published("app/0", 0), expected);
}

#[test]
fn a_response_has_the_bytes_of_the_recording() {
    let requests = published_at_last(PROVIDES, "request_");
    let mut expected = published_at_last(REQUIRES, "response_");
    expected.retain(|key, _| requests.contains_key(&key.replace("response_", "request_")));
    assert_eq!(expected.len(), 2);
    let mut model = Model::new();
    let settings: Vec<(&str, &str)> =
        requests.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    model.publish("app/0", &settings);
    model.accept("prom/0");
    assert_eq!(model.published("prom/0", 0), expected);
}
