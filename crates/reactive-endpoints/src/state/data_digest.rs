//! Whether data have changed.

use std::ops::Range;

use python_json::{Digest, HashType};
use serde::Serialize;

use crate::failure::Result;
use crate::state::State;

/// The keys of all digests.
pub(crate) const KEYS: Range<&str> = "reactive.data_changed.".."reactive.data_changed/";

/// Data, to notice by the digest of their JSON that they have changed, as
/// Python's `data_changed` does.
pub(crate) struct DataDigest {
    text: String,
}

impl DataDigest {
    pub(crate) fn of<T: Serialize + ?Sized>(data: &T) -> Result<Self> {
        Ok(Self { text: python_json::to_string(data)? })
    }

    pub(crate) fn differs(&self, state: &State, id: &str) -> bool {
        self.new_row(state, id).is_some()
    }

    /// Remembers the digest; tells whether it is another than before.
    pub(crate) fn update(self, state: &State, id: &str) -> bool {
        let new = self.new_row(state, id);
        let differs = new.is_some();
        if differs {
            state.set(&key_of(id), new);
        }
        differs
    }

    /// Returns the row that takes the place of the one that is kept, if it is
    /// another.
    fn new_row(&self, state: &State, id: &str) -> Option<String> {
        let kept = state.get(&key_of(id));
        let digest = hash_of(kept.as_deref()).digest_bytes(&self.text);
        Some(format!("\"{digest}\"")).filter(|row| kept.as_ref() != Some(row))
    }
}

/// Returns the hash function that the digest in a row is of. It is MD5 unless a
/// Python charm has chosen another one: then that is gone on with.
pub(crate) fn hash_of(row: Option<&str>) -> HashType {
    let digest = row.and_then(|row| serde_json::from_str::<Digest>(row).ok());
    digest.and_then(|digest| HashType::of(&digest)).unwrap_or_default()
}

pub(crate) fn key_of(id: &str) -> String {
    format!("{}{id}", KEYS.start)
}
