//! A charm that means no good.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use juju_types::CharmFiles;
use reactive_endpoints::{Charm, Endpoint, EndpointKey, MemoryStore};
use serde_json::{Value, json};

use crate::site::Site;

const PROMETHEUS: EndpointKey<Endpoint> = EndpointKey::new("prometheus");

const METADATA: &str = "name: mallory\nsummary: s\ndescription: d\n\
                        provides: {prometheus: {interface: prometheus-manual}}\n";

/// A unit that publishes whatever it is told.
pub(crate) struct Mallory {
    requests: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Mallory {
    pub(crate) fn deploy(site: &mut Site) -> Self {
        let mallory = Self { requests: Arc::default() };
        let requests = Arc::clone(&mallory.requests);
        let files = CharmFiles::read(|name| {
            Ok::<_, ()>((name == "metadata.yaml").then(|| METADATA.to_owned()))
        });
        let run = move |variables| {
            let requests = requests.lock().unwrap().clone();
            let charm = Charm::new(()).store(MemoryStore::new());
            let charm = charm.when(PROMETHEUS.joined(), move |(), cx| {
                for relation in &cx.endpoint(PROMETHEUS).relations()? {
                    let published = relation.to_publish()?;
                    for key in published.raw().into_keys().filter(|key| key.starts_with("request_"))
                    {
                        published.remove(&key);
                    }
                    for (key, text) in &requests {
                        published.set_raw(key, text.clone());
                    }
                }
                Ok(())
            });
            charm.run_in(variables)
        };
        site.juju.deploy_in_process(&files.unwrap(), "mallory", run).unwrap();
        site.settle();
        site.integrate("mallory", "prometheus");
        mallory
    }

    /// Asks for these jobs, by name, and for no others.
    pub(crate) fn ask(&self, site: &mut Site, jobs: &[(&str, Value)]) {
        let requests = jobs.iter().enumerate().map(|(id, (name, data))| {
            let request = json!({"job_name": name, "job_data": data, "request_id": id.to_string()});
            (format!("request_{id}"), request.to_string())
        });
        *self.requests.lock().unwrap() = requests.collect();
        site.juju.update_status("mallory/0").unwrap();
        site.settle();
    }

    /// Returns the answers to the jobs.
    pub(crate) fn answers(site: &Site) -> BTreeMap<String, Value> {
        let state = site.juju.unit_state("mallory/0").unwrap();
        let data = state.relations()[0].unit_data("prometheus/0").unwrap();
        let answers = data.iter().filter(|(key, _)| key.starts_with("response_"));
        answers.map(|(key, text)| (key.clone(), serde_json::from_str(text).unwrap())).collect()
    }
}
