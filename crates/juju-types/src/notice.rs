//! A notice of Pebble.

/// A notice that somebody has left at the Pebble of a container, for example
/// with `pebble notify`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Notice {
    /// Its number, as text.
    pub id: String,
    /// Its type: `custom`, and nothing else so far.
    pub kind: String,
    /// What it is about, such as `example.com/backup-done`.
    pub key: String,
}

impl Notice {
    /// Describes the notice `id` of type `kind` about `key`.
    pub fn new(id: impl Into<String>, kind: impl Into<String>, key: impl Into<String>) -> Self {
        Self { id: id.into(), kind: kind.into(), key: key.into() }
    }
}
