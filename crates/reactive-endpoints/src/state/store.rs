//! Where the state of a unit is kept between the runs of its charm.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::ops::Range;

use crate::state::store_error::StoreError;

/// Rows of state: a key, and its value as JSON text.
pub type Rows = BTreeMap<String, String>;

/// Rows that a run has changed: to a new value, or to none.
pub type RowChanges = BTreeMap<String, Option<String>>;

/// Where the state of a unit is kept between the runs of its charm.
///
/// Juju keeps back what a charm tells it until the charm has exited with 0,
/// and then may still refuse it. So what a run commits here is **provisional**:
/// the rows as they were before are kept beside the new ones, with the id of
/// the run. The same run sends its id to Juju. The next run compares: if Juju
/// knows the id, the run was complete, and the old rows are [confirmed
/// away](Self::confirm); if not, they are [restored](Self::restore). So a unit
/// has the state before a run or after it, never a mixture.
pub trait Store: Debug {
    /// Reads all rows, and the id of the run whose commit is provisional, if
    /// there is one. Nothing is written, and nothing is made.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if the rows cannot be read.
    fn load(&self) -> Result<Loaded, StoreError>;

    /// Does what [`load`](Self::load) does, but leaves out the rows whose keys
    /// are in a range: those that only some runs look at.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if the rows cannot be read.
    fn load_without(&self, keys: Range<&str>) -> Result<Loaded, StoreError> {
        let mut loaded = self.load()?;
        loaded.rows.retain(|key, _| !keys.contains(&key.as_str()));
        Ok(loaded)
    }

    /// Reads the rows whose keys are in a range.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if the rows cannot be read.
    fn rows_of(&self, keys: Range<&str>) -> Result<Rows, StoreError> {
        let mut rows = self.load()?.rows;
        rows.retain(|key, _| keys.contains(&key.as_str()));
        Ok(rows)
    }

    /// Drops what was kept of the time before a provisional commit.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if it cannot be written.
    fn confirm(&self) -> Result<(), StoreError>;

    /// Takes a provisional commit back, and returns the rows as they were
    /// before. If another program has changed the rows in between, nothing is
    /// restored: then what was kept is void, and the rows are returned as they
    /// are.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if it cannot be written.
    fn restore(&self) -> Result<Rows, StoreError>;

    /// Writes all changes in one step: provisionally for the run of that id,
    /// or for good if there is none, where Juju cannot keep an id.
    ///
    /// A run can commit several times, as when its charm is started again and
    /// again in `juju debug-hooks`: then the rows stay kept as they were before
    /// its first commit.
    ///
    /// # Errors
    ///
    /// Returns a [`StoreError`] if it cannot be written; then nothing is.
    fn commit(&self, changes: &RowChanges, run: Option<&str>) -> Result<(), StoreError>;
}

/// What a [`Store`] has read.
#[derive(Clone, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "stores of other crates make it")]
pub struct Loaded {
    /// All rows, with what is provisional.
    pub rows: Rows,
    /// The id of the run whose commit is provisional.
    pub provisional: Option<String>,
}

impl Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let keys: Vec<&String> = self.rows.keys().collect();
        f.debug_struct("Loaded")
            .field("keys", &keys)
            .field("provisional", &self.provisional)
            .finish_non_exhaustive()
    }
}
