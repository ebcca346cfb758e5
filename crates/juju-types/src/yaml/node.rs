//! A node of a YAML document.

use crate::yaml::{Place, Scalar};

/// A value and where it was read.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Entries in the order of the text, each key once.
    Mapping(Vec<Entry>),
    Scalar(Scalar),
    Sequence(Vec<Node>),
}

/// A key of a mapping, where it stands, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_place: Place,
    pub(crate) value: Node,
}

impl Node {
    /// Makes a node that was not read from any text.
    pub(crate) fn new(value: Value) -> Self {
        Self { place: Place::TOP, value }
    }

    /// Makes a node that says `text`, quoted when it is written if need be.
    pub(crate) fn text(text: &str) -> Self {
        Self::new(Value::Scalar(Scalar::text(text)))
    }

    /// Makes a sequence that was not read from any text.
    pub(crate) fn sequence(items: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Value::Sequence(items.into_iter().collect()))
    }

    /// Makes a mapping that was not read from any text; the keys must differ.
    pub(crate) fn mapping<'a>(entries: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let entries = entries.into_iter();
        Self::new(Value::Mapping(entries.map(|(key, value)| Entry::new(key, value)).collect()))
    }
}

impl Entry {
    fn new(key: &str, value: Node) -> Self {
        Self { key: key.to_owned(), key_place: Place::TOP, value }
    }
}
