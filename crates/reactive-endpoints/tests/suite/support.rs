//! A unit to run charms in.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use juju_simulator::{Operation, Simulator, UnitError};
use juju_types::CharmFiles;
use reactive_endpoints::{Charm, Context, MemoryStore, Rows};

/// A model with one unit, `app/0`, whose charm is a function.
pub(crate) struct Unit {
    pub(crate) juju: Simulator,
    pub(crate) store: MemoryStore,
}

impl Unit {
    /// Deploys a charm whose metadata has these lines more.
    pub(crate) fn deploy<S: 'static>(
        metadata: &str,
        charm: impl Fn() -> Charm<S> + Send + Sync + 'static,
    ) -> Self {
        let store = MemoryStore::new();
        let kept = store.clone();
        let mut juju = Simulator::new();
        juju.deploy_in_process(&files(metadata), "app", move |variables| {
            charm().store(kept.clone()).run_in(variables)
        })
        .unwrap();
        Self { juju, store }
    }

    /// Runs everything that is due.
    #[track_caller]
    pub(crate) fn settle(&mut self) {
        self.juju.run_until_idle().unwrap();
    }

    /// Runs update-status.
    #[track_caller]
    pub(crate) fn update_status(&mut self) {
        self.juju.update_status("app/0").unwrap();
    }

    /// Returns the flags that are kept.
    pub(crate) fn flags(&self) -> Vec<String> {
        flags(&self.store.rows())
    }

    /// Returns the last operation as text.
    pub(crate) fn last(&self) -> String {
        self.juju.operations().last().unwrap().to_string()
    }
}

/// Returns the flags among rows.
pub(crate) fn flags(rows: &Rows) -> Vec<String> {
    rows.keys().filter_map(|key| key.strip_prefix("reactive.states.")).map(str::to_owned).collect()
}

/// Makes the files of a charm whose metadata has these lines more.
pub(crate) fn files(metadata: &str) -> CharmFiles {
    let metadata = format!("name: app\nsummary: s\ndescription: d\n{metadata}");
    CharmFiles::read(|name| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.clone())))
        .unwrap()
}

/// Makes a charm that keeps its state in `store`, for a simulated unit.
pub(crate) fn keeping<S: 'static>(
    store: &MemoryStore,
    charm: impl Fn() -> Charm<S> + Send + Sync + 'static,
) -> impl Fn(BTreeMap<String, String>) -> ExitCode + Send + Sync + 'static {
    let store = store.clone();
    move |variables| charm().store(store.clone()).run_in(variables)
}

/// What has run, in order.
pub(crate) type Log = Arc<Mutex<Vec<&'static str>>>;

/// Makes a handler that notes that it has run.
pub(crate) fn logged(
    name: &'static str,
) -> impl Fn(&mut Log, &Context) -> reactive_endpoints::Result {
    move |log, _| {
        log.lock().unwrap().push(name);
        Ok(())
    }
}

/// Returns the operation that has failed.
#[track_caller]
pub(crate) fn failed(result: Result<&Operation, UnitError>) -> Operation {
    match result.unwrap_err() {
        UnitError::Failed(operation) => *operation,
        error => panic!("{error}"),
    }
}

/// Returns the last line that was logged.
#[track_caller]
pub(crate) fn last_line(operation: &Operation) -> &str {
    &operation.log.last().unwrap().message
}

/// Returns the tools that were called, without those that only log.
pub(crate) fn tools(operation: &Operation) -> Vec<&str> {
    let tools = operation.calls.iter().map(|call| call.tool.as_str());
    tools.filter(|tool| *tool != "juju-log").collect()
}

/// Makes a store with rows of an earlier time.
pub(crate) fn kept<const N: usize>(rows: [(&str, &str); N]) -> MemoryStore {
    let rows = rows.map(|(key, value)| (key.to_owned(), value.to_owned()));
    MemoryStore::with_rows(rows.into())
}
