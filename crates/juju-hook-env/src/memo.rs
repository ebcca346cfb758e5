//! Answers that hold for the whole hook.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::error::ToolError;

/// Answers by what was asked.
///
/// No borrow outlives a method, and none is held while the agent is asked: an
/// agent may be anything, also one that comes back here.
///
/// A write drops what it outdates before it is sent: it may have been done
/// even if its answer is lost.
#[derive(Debug)]
pub(crate) struct Memo<K, V>(RefCell<BTreeMap<K, V>>);

impl<K: Clone + Ord, V: Clone> Memo<K, V> {
    /// Returns the answer that is known, or asks and remembers.
    pub(crate) fn get_or_ask(
        &self,
        key: &K,
        ask: impl FnOnce() -> Result<V, ToolError>,
    ) -> Result<V, ToolError> {
        if let Some(known) = self.known(key) {
            return Ok(known);
        }
        let answer = ask()?;
        self.remember(key.clone(), answer.clone());
        Ok(answer)
    }

    pub(crate) fn known(&self, key: &K) -> Option<V> {
        self.0.borrow().get(key).cloned()
    }

    pub(crate) fn remember(&self, key: K, answer: V) {
        self.0.borrow_mut().insert(key, answer);
    }

    pub(crate) fn forget(&self, key: &K) {
        self.0.borrow_mut().remove(key);
    }

    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}
