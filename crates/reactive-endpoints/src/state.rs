//! The state of a unit during one run.

pub(crate) mod data_digest;
pub(crate) mod kv;
pub(crate) mod memory_store;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite_store;
pub(crate) mod store;
pub(crate) mod store_error;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use juju_hook_env::Juju;
use juju_types::JujuVersion;

use crate::failure::Result;
use crate::state::data_digest::KEYS as DIGESTS;
use crate::state::store::{RowChanges, Rows, Store};
use crate::state::store_error::StoreError;

/// Where Juju keeps the id of the last run that has committed, among the
/// values of `state-get`.
const RUN_KEY: &str = "charmwright.run";

/// The rows of a unit's state during one run: as they were kept, and what the
/// run changes. A change is seen at once, and is kept when the run commits.
pub(crate) struct State {
    store: Box<dyn Store>,
    /// All but the digests.
    kept: Rows,
    /// Read when somebody looks at one: where there are many related units,
    /// there are many, and most hooks look at none.
    digests: OnceCell<Rows>,
    /// Why they could not be read. The run has failed then.
    fault: RefCell<Option<StoreError>>,
    changes: RefCell<RowChanges>,
}

impl State {
    /// Reads the rows, after the last commit was confirmed or taken back.
    pub(crate) fn open(store: Box<dyn Store>, juju: &Juju) -> Result<Self> {
        let loaded = store.load_without(DIGESTS)?;
        let mut digests = OnceCell::new();
        let kept = match loaded.provisional {
            None => loaded.rows,
            // An earlier process of this very run, as in `juju debug-hooks`:
            // Juju has not decided yet.
            Some(run) if run == juju.env().context_id().to_string() => loaded.rows,
            Some(run) if juju.state_get_key(RUN_KEY)?.as_ref() == Some(&run) => {
                store.confirm()?;
                loaded.rows
            }
            Some(run) => {
                let known = store.rows_of(DIGESTS)?;
                let mut rows = store.restore()?;
                let restored = split_off(&mut rows);
                let end = if rows == loaded.rows && restored == known {
                    "stay, as another program has gone on with them"
                } else {
                    "are undone"
                };
                tracing::warn!(
                    "the run {run} did not reach its end: its flags and stored data {end}"
                );
                digests = restored.into();
                rows
            }
        };
        Ok(Self { store, kept, digests, fault: RefCell::default(), changes: RefCell::default() })
    }

    /// Reads the rows as they are, for a run that keeps nothing and can ask
    /// nothing of Juju: whether the last commit holds is for the next run to see.
    pub(crate) fn peek(store: Box<dyn Store>) -> Result<Self> {
        let kept = store.load_without(DIGESTS)?.rows;
        let (digests, fault) = (OnceCell::new(), RefCell::default());
        Ok(Self { store, kept, digests, fault, changes: RefCell::default() })
    }

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        match self.changes.borrow().get(key) {
            Some(changed) => changed.clone(),
            None => self.kept(key),
        }
    }

    /// Returns a row as it was when the run began.
    pub(crate) fn kept(&self, key: &str) -> Option<String> {
        self.kept_with(key).get(key).cloned()
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        match self.changes.borrow().get(key) {
            Some(changed) => changed.is_some(),
            None => self.kept_with(key).contains_key(key),
        }
    }

    /// Returns the rows whose keys begin with `prefix`, by the rest of the keys.
    pub(crate) fn range(&self, prefix: &str) -> BTreeMap<String, String> {
        let rest = |key: &str| key.strip_prefix(prefix).map(str::to_owned);
        let within = |kept: &Rows| {
            let kept = kept.range(prefix.to_owned()..);
            let kept = kept.map_while(|(key, value)| Some((rest(key)?, value.clone())));
            kept.collect::<BTreeMap<String, String>>()
        };
        let mut rows = within(&self.kept);
        if DIGESTS.contains(&prefix) || DIGESTS.start.starts_with(prefix) {
            rows.extend(within(self.digests()));
        }
        for (key, value) in self.changes.borrow().range(prefix.to_owned()..) {
            let Some(rest) = rest(key) else { break };
            match value {
                Some(value) => rows.insert(rest, value.clone()),
                None => rows.remove(&rest),
            };
        }
        rows
    }

    /// Writes a row, or removes it.
    pub(crate) fn set(&self, key: &str, value: Option<String>) {
        let mut changes = self.changes.borrow_mut();
        if self.kept_with(key).get(key) == value.as_ref() {
            changes.remove(key);
        } else {
            changes.insert(key.to_owned(), value);
        }
    }

    /// Tells whether the kept rows are those of a Python charm, whose place
    /// this one takes: its dispatcher has left rows, and this crate none.
    pub(crate) fn is_of_python(&self) -> bool {
        let has = |prefix: &str| {
            let next = self.kept.range(prefix.to_owned()..).next();
            next.is_some_and(|(key, _)| key.starts_with(prefix))
        };
        has("reactive.dispatch.") && !has("charmwright.")
    }

    /// Returns why the state could not be read, if it could not.
    pub(crate) fn take_fault(&self) -> Option<StoreError> {
        self.fault.borrow_mut().take()
    }

    /// Returns those of the kept rows that `key` is among.
    fn kept_with(&self, key: &str) -> &Rows {
        if DIGESTS.contains(&key) { self.digests() } else { &self.kept }
    }

    fn digests(&self) -> &Rows {
        self.digests.get_or_init(|| {
            self.store.rows_of(DIGESTS).unwrap_or_else(|error| {
                self.fault.borrow_mut().get_or_insert(error);
                Rows::new()
            })
        })
    }

    /// Keeps what the run has changed, provisionally, and has Juju keep the id
    /// of the run with all else that the run has told it.
    pub(crate) fn commit(&self, juju: &Juju) -> Result {
        let changes = self.changes.borrow();
        if changes.is_empty() {
            return Ok(());
        }
        // The agent makes a new one for each run, retries included.
        let run = juju.env().context_id().to_string();
        let keeps_ids = juju.env().version().is_none_or(JujuVersion::has_charm_state);
        if keeps_ids {
            juju.state_set([(RUN_KEY, run.as_str())])?;
        }
        Ok(self.store.commit(&changes, keeps_ids.then_some(run.as_str()))?)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rows may be secret.
        let changed: Vec<String> = self.changes.borrow().keys().cloned().collect();
        f.debug_struct("State")
            .field("store", &self.store)
            .field("changed", &changed)
            .finish_non_exhaustive()
    }
}

/// Takes the digests out of the rows.
fn split_off(rows: &mut Rows) -> Rows {
    let mut digests = rows.split_off(DIGESTS.start);
    rows.append(&mut digests.split_off(DIGESTS.end));
    digests
}
