//! Whether data have changed.

use serde::Serialize;

use crate::failure::Result;
use crate::state::State;

/// The digest of data, by which it is noticed that they have changed: MD5 of
/// their JSON, as Python's `data_changed` has it.
#[derive(Debug)]
pub(crate) struct DataDigest(String);

impl DataDigest {
    pub(crate) fn of<T: Serialize + ?Sized>(data: &T) -> Result<Self> {
        Ok(Self(format!("\"{}\"", python_json::digest(data)?)))
    }

    pub(crate) fn differs(&self, state: &State, id: &str) -> bool {
        state.get(&key_of(id)).as_ref() != Some(&self.0)
    }

    /// Remembers the digest; tells whether it is another than before.
    pub(crate) fn update(self, state: &State, id: &str) -> bool {
        let differs = self.differs(state, id);
        if differs {
            state.set(&key_of(id), Some(self.0));
        }
        differs
    }
}

pub(crate) fn key_of(id: &str) -> String {
    format!("reactive.data_changed.{id}")
}
