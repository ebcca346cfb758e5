//! State that ends with its process.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::state::store::{Loaded, RowChanges, Rows, Store};
use crate::state::store_error::StoreError;

/// State that is kept in memory, for tests. Clones are the same store.
///
/// ```
/// use reactive_endpoints::{MemoryStore, Store};
///
/// let store = MemoryStore::new();
/// store.commit(&[("a".to_owned(), Some("1".to_owned()))].into(), Some("run 1"))?;
/// assert_eq!(store.load()?.provisional.as_deref(), Some("run 1"));
/// assert!(store.restore()?.is_empty());
/// # Ok::<(), reactive_endpoints::StoreError>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    rows: Rows,
    provisional: Option<Provisional>,
}

struct Provisional {
    run: String,
    before: Rows,
}

impl MemoryStore {
    /// Makes a store without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a store with rows of an earlier time.
    pub fn with_rows(rows: Rows) -> Self {
        Self(Arc::new(Mutex::new(Memory { rows, provisional: None })))
    }

    /// Returns all rows, with what is provisional.
    pub fn rows(&self) -> Rows {
        self.with(|memory| memory.rows.clone())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Memory) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let keys: Vec<String> = self.rows().into_keys().collect();
        f.debug_struct("MemoryStore").field("keys", &keys).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn load(&self) -> Result<Loaded, StoreError> {
        Ok(self.with(|memory| Loaded {
            rows: memory.rows.clone(),
            provisional: memory.provisional.as_ref().map(|kept| kept.run.clone()),
        }))
    }

    fn confirm(&self) -> Result<(), StoreError> {
        self.with(|memory| memory.provisional = None);
        Ok(())
    }

    fn restore(&self) -> Result<Rows, StoreError> {
        Ok(self.with(|memory| {
            if let Some(kept) = memory.provisional.take() {
                memory.rows = kept.before;
            }
            memory.rows.clone()
        }))
    }

    fn commit(&self, changes: &RowChanges, run: Option<&str>) -> Result<(), StoreError> {
        self.with(|memory| {
            let before = match memory.provisional.take() {
                Some(kept) if run == Some(kept.run.as_str()) => kept.before,
                _ => memory.rows.clone(),
            };
            memory.provisional = run.map(|run| Provisional { run: run.to_owned(), before });
            for (key, value) in changes {
                match value {
                    Some(value) => memory.rows.insert(key.clone(), value.clone()),
                    None => memory.rows.remove(key),
                };
            }
        });
        Ok(())
    }
}
