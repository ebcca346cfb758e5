//! A model with an application that makes requests and one that responds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use juju_simulator::{Deployment, LogLevel, Operation, Simulator};
use juju_types::{Event, RelationId};
use reactive_endpoints::{
    Charm, Context, EndpointKey, Interface, MemoryStore, Relation, Request, RequesterEndpoint,
    ResponderEndpoint, Result,
};
use serde::{Deserialize, Serialize};

use crate::support::{files, flags};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) port: u16,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) reason: Option<String>,
}

impl Request for Job {
    type Response = Outcome;

    fn key(&self) -> Option<Cow<'_, str>> {
        Some(self.name.as_str().into())
    }
}

pub(crate) fn job(name: &str, port: u16) -> Job {
    Job { name: name.to_owned(), port, labels: BTreeMap::new() }
}

pub(crate) fn success() -> Outcome {
    Outcome { success: true, reason: None }
}

/// The endpoint of the application `app`, which makes requests.
pub(crate) const PROMETHEUS: EndpointKey<RequesterEndpoint<Job>> = EndpointKey::new("prometheus");

/// Another one, with the same interface.
pub(crate) const THANOS: EndpointKey<RequesterEndpoint<Job>> = EndpointKey::new("thanos");

/// The endpoint of the application `prom`, which responds.
pub(crate) const JOBS: EndpointKey<ResponderEndpoint<Job>> = EndpointKey::new("jobs");

/// What a charm does in update-status.
type Script = Arc<Mutex<Option<Box<dyn FnOnce(&Context) -> Result + Send>>>>;

/// A model whose charms do in update-status what a test has them do, and else
/// nothing.
pub(crate) struct Model {
    pub(crate) juju: Simulator,
    script: Script,
    stores: Arc<Mutex<BTreeMap<String, MemoryStore>>>,
}

impl Model {
    /// Begins with one unit of `app` and one of `prom`, integrated.
    pub(crate) fn new() -> Self {
        let mut model = Self::empty();
        model.deploy("app", 1, |charm| charm.endpoint(PROMETHEUS).endpoint(THANOS));
        model.deploy("prom", 1, |charm| charm.endpoint(JOBS));
        model.integrate("app:prometheus", "prom:jobs");
        model
    }

    pub(crate) fn empty() -> Self {
        let (script, stores) = (Script::default(), Arc::default());
        Self { juju: Simulator::new(), script, stores }
    }

    pub(crate) fn deploy(
        &mut self,
        application: &str,
        units: usize,
        charm: impl Fn(Charm<()>) -> Charm<()> + Send + Sync + 'static,
    ) {
        let files = files(
            "requires: {prometheus: {interface: jobs}, thanos: {interface: jobs}}\n\
             provides: {jobs: {interface: jobs}}\n",
        );
        let (script, stores) = (Arc::clone(&self.script), Arc::clone(&self.stores));
        let run = move |variables: BTreeMap<String, String>| {
            let unit = variables["JUJU_UNIT_NAME"].clone();
            let store = stores.lock().unwrap().entry(unit).or_default().clone();
            let script = Arc::clone(&script);
            let act = move |(): &mut (), cx: &Context| {
                let script = script.lock().unwrap().take();
                script.map_or(Ok(()), |script| script(cx))
            };
            charm(Charm::new(())).on(Event::UpdateStatus, act).store(store).run_in(variables)
        };
        let deployment = Deployment::in_process(&files, application, run).units(units);
        self.juju.deploy_with(deployment).unwrap();
        self.settle();
    }

    #[track_caller]
    pub(crate) fn integrate(&mut self, one: &str, other: &str) -> RelationId {
        let relation = self.juju.integrate(one, other).unwrap();
        self.settle();
        relation
    }

    /// Runs everything that is due.
    #[track_caller]
    pub(crate) fn settle(&mut self) {
        let before = self.juju.operations().len();
        self.juju.run_until_idle().unwrap();
        for operation in &self.juju.operations()[before..] {
            assert!(operation.exit.is_success(), "{operation}");
        }
    }

    /// Has a unit do something in one hook, which may fail.
    #[track_caller]
    pub(crate) fn try_act(
        &mut self,
        unit: &str,
        script: impl FnOnce(&Context) -> Result + Send + 'static,
    ) -> &Operation {
        *self.script.lock().unwrap() = Some(Box::new(script));
        self.juju.run_hook(unit, &Event::UpdateStatus).unwrap();
        assert!(self.script.lock().unwrap().is_none(), "the script has not run");
        self.juju.operations().last().unwrap()
    }

    /// Has a unit do something in one hook, and returns what it says.
    #[track_caller]
    pub(crate) fn look<T: Send + 'static>(
        &mut self,
        unit: &str,
        script: impl FnOnce(&Context) -> Result<T> + Send + 'static,
    ) -> T {
        let answer = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&answer);
        let operation = self.try_act(unit, move |cx| {
            *kept.lock().unwrap() = Some(script(cx)?);
            Ok(())
        });
        assert!(operation.exit.is_success(), "{operation}");
        let answer = answer.lock().unwrap().take();
        answer.unwrap()
    }

    /// Has a unit do something in one hook, and runs all that follows.
    #[track_caller]
    pub(crate) fn act(
        &mut self,
        unit: &str,
        script: impl FnOnce(&Context) -> Result + Send + 'static,
    ) {
        self.look(unit, script);
        self.settle();
    }

    /// Has a unit publish settings as they are.
    #[track_caller]
    pub(crate) fn publish(&mut self, unit: &str, settings: &[(&str, &str)]) {
        let pairs = settings.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let pairs: Vec<(String, String)> = pairs.collect();
        self.act(unit, move |cx| {
            let endpoint =
                if cx.env().unit().application().as_str() == "app" { "prometheus" } else { "jobs" };
            for relation in cx.juju().relation_ids(&endpoint.parse()?)? {
                cx.juju().relation_set(&relation, pairs.clone())?;
            }
            Ok(())
        });
    }

    /// Has a unit respond to everything that is new.
    #[track_caller]
    pub(crate) fn respond(&mut self, unit: &str) {
        self.act(unit, |cx| {
            for request in cx.endpoint(JOBS).new_requests()? {
                request.respond(&success())?;
            }
            Ok(())
        });
    }

    /// Returns the names of the jobs that are new to `prom/0`.
    #[track_caller]
    pub(crate) fn new_jobs(&mut self) -> Vec<String> {
        self.look("prom/0", |cx| {
            let new = cx.endpoint(JOBS).new_requests()?;
            Ok(new.iter().map(|request| request.name.clone()).collect())
        })
    }

    /// Returns the requests and responses that a unit publishes in a relation.
    pub(crate) fn published(&self, unit: &str, relation: &RelationId) -> BTreeMap<String, String> {
        let state = serde_json::to_value(self.juju.unit_state(unit).unwrap()).unwrap();
        let relations = state["relations"].as_array().unwrap();
        let state = relations.iter().find(|state| state["id"] == relation.number()).unwrap();
        let data = state["local_unit_data"].as_object().unwrap().iter();
        let data = data.map(|(key, text)| (key.clone(), text.as_str().unwrap().to_owned()));
        data.filter(|(key, _)| key.starts_with("request_") || key.starts_with("response_"))
            .collect()
    }

    /// Returns those flags of a unit that tell of requests and responses.
    pub(crate) fn flags(&self, unit: &str) -> Vec<String> {
        let all = flags(&self.store(unit).rows());
        let ends = ["_requests", "_responses"];
        all.into_iter().filter(|flag| ends.iter().any(|end| flag.ends_with(end))).collect()
    }

    pub(crate) fn store(&self, unit: &str) -> MemoryStore {
        self.stores.lock().unwrap()[unit].clone()
    }

    /// Puts a unit's state in the place of the one that it has.
    pub(crate) fn set_store(&mut self, unit: &str, store: MemoryStore) {
        self.stores.lock().unwrap().insert(unit.to_owned(), store);
    }

    /// Leaves what a Python charm would have left of a unit's state.
    pub(crate) fn forget_own_rows(&mut self, unit: &str) {
        let mut rows = self.store(unit).rows();
        rows.retain(|key, _| !key.starts_with("charmwright."));
        self.set_store(unit, MemoryStore::with_rows(rows));
    }
}

/// Returns what an operation has logged as a warning.
pub(crate) fn warnings(operation: &Operation) -> String {
    let warnings = operation.log.iter().filter(|line| line.level == LogLevel::Warning);
    warnings.map(|line| line.message.as_str()).collect::<Vec<_>>().join("\n")
}

/// Returns the first relation of the endpoint that makes requests.
pub(crate) fn first<E: Interface + std::ops::Deref<Target = reactive_endpoints::Endpoint>>(
    cx: &Context,
    key: EndpointKey<E>,
) -> Result<Relation> {
    Ok(cx.endpoint(key).relations()?[0].clone())
}
