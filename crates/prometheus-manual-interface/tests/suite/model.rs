//! A model with an application that hands over jobs and one that runs
//! Prometheus.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use juju_simulator::{Deployment, LogLevel, Operation, Simulator};
use juju_types::{CharmFiles, Event, RelationId};
use prometheus_manual_interface::{JobRequest, PrometheusManualProvides, PrometheusManualRequires};
use reactive_endpoints::{Charm, Context, EndpointKey, MemoryStore, Result};

/// The endpoint of the application `app`, which hands over jobs.
pub(crate) const PROMETHEUS: EndpointKey<PrometheusManualProvides> = EndpointKey::new("prometheus");

/// Another one, with the same interface.
pub(crate) const THANOS: EndpointKey<PrometheusManualProvides> = EndpointKey::new("thanos");

/// The endpoint of the application `prom`, which takes them.
pub(crate) const JOBS: EndpointKey<PrometheusManualRequires> = EndpointKey::new("manual-jobs");

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
        model.integrate("app:prometheus", "prom");
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
            "provides: {prometheus: {interface: prometheus-manual}, \
                        thanos: {interface: prometheus-manual}}\n\
             requires: {manual-jobs: {interface: prometheus-manual}}\n",
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

    /// Has a unit do something in one hook.
    #[track_caller]
    pub(crate) fn run(
        &mut self,
        unit: &str,
        script: impl FnOnce(&Context) -> Result + Send + 'static,
    ) -> &Operation {
        *self.script.lock().unwrap() = Some(Box::new(script));
        self.juju.run_hook(unit, &Event::UpdateStatus).unwrap();
        assert!(self.script.lock().unwrap().is_none(), "the script has not run");
        let operation = self.juju.operations().last().unwrap();
        assert!(operation.exit.is_success(), "{operation}");
        operation
    }

    /// Has a unit do nothing in a hook that is not one of an endpoint.
    #[track_caller]
    pub(crate) fn idle(&mut self, unit: &str) -> &Operation {
        self.run(unit, |_| Ok(()))
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
        self.run(unit, move |cx| {
            *kept.lock().unwrap() = Some(script(cx)?);
            Ok(())
        });
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
        self.run(unit, script);
        self.settle();
    }

    /// Has a unit of `app` hand over exactly these jobs.
    #[track_caller]
    pub(crate) fn sync(&mut self, unit: &str, jobs: impl IntoIterator<Item = JobRequest>) {
        let jobs: Vec<JobRequest> = jobs.into_iter().collect();
        self.act(unit, |cx| cx.endpoint(PROMETHEUS).sync_jobs(jobs));
    }

    /// Has a unit of `app` publish settings as they are.
    #[track_caller]
    pub(crate) fn publish(&mut self, unit: &str, settings: &[(&str, &str)]) {
        let pairs = settings.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
        let pairs: Vec<(String, String)> = pairs.collect();
        self.act(unit, move |cx| {
            for relation in cx.juju().relation_ids(&"prometheus".parse()?)? {
                cx.juju().relation_set(&relation, pairs.clone())?;
            }
            Ok(())
        });
    }

    /// Has a unit of `prom` accept everything that is new.
    #[track_caller]
    pub(crate) fn accept(&mut self, unit: &str) {
        self.act(unit, |cx| {
            for job in cx.endpoint(JOBS).new_jobs()? {
                job.accept()?;
            }
            Ok(())
        });
    }

    /// Returns the names of the jobs that are new to `prom/0`.
    #[track_caller]
    pub(crate) fn new_jobs(&mut self) -> Vec<String> {
        self.look("prom/0", |cx| {
            let new = cx.endpoint(JOBS).new_jobs()?;
            Ok(new.iter().map(|job| job.job_name.clone()).collect())
        })
    }

    /// Returns the requests and responses that a unit publishes in the relation
    /// of that number.
    pub(crate) fn published(&self, unit: &str, relation: u32) -> BTreeMap<String, String> {
        let state = self.juju.unit_state(unit).unwrap();
        let relation =
            state.relations().iter().find(|state| state.id().number() == relation).unwrap();
        let data = relation.own_data().clone().into_iter();
        data.filter(|(key, _)| key.starts_with("request_") || key.starts_with("response_"))
            .collect()
    }

    /// Returns those flags of a unit that tell of jobs and responses, without the
    /// name of the endpoint.
    pub(crate) fn flags(&self, unit: &str) -> Vec<String> {
        let told = ["available", "has_responses", "all_responses", "has_jobs", "new_jobs"];
        let flags = flags(&self.stores.lock().unwrap()[unit]);
        let ends = flags.iter().filter_map(|flag| flag.rsplit('.').next());
        ends.filter(|end| told.contains(end)).map(str::to_owned).collect()
    }

    pub(crate) fn store(&self, unit: &str) -> MemoryStore {
        self.stores.lock().unwrap()[unit].clone()
    }
}

/// Makes a job that scrapes a port.
pub(crate) fn job(name: &str, port: u16) -> JobRequest {
    let data = format!(r#"{{"static_configs": [{{"targets": ["10.0.0.5:{port}"]}}]}}"#);
    JobRequest::new(name, data.parse().unwrap())
}

/// Returns the flags that a store keeps.
pub(crate) fn flags(store: &MemoryStore) -> Vec<String> {
    let rows = store.rows();
    let flags = rows.keys().filter_map(|key| key.strip_prefix("reactive.states."));
    flags.map(str::to_owned).collect()
}

/// Makes the files of a charm whose metadata has these lines more.
pub(crate) fn files(metadata: &str) -> CharmFiles {
    let metadata = format!("name: app\nsummary: s\ndescription: d\n{metadata}");
    CharmFiles::read(|name| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.clone())))
        .unwrap()
}

/// Returns the tools that were called, without those that only log.
pub(crate) fn tools(operation: &Operation) -> Vec<&str> {
    let tools = operation.calls.iter().map(|call| call.tool.as_str());
    tools.filter(|tool| *tool != "juju-log").collect()
}

/// Returns what an operation has logged as a warning.
pub(crate) fn warnings(operation: &Operation) -> String {
    let warnings = operation.log.iter().filter(|line| line.level == LogLevel::Warning);
    warnings.map(|line| line.message.as_str()).collect::<Vec<_>>().join("\n")
}
