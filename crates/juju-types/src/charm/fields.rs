//! A mapping with keys that mean something.

use crate::charm::spot::Spot;
use crate::yaml::{Entry, Value};

/// The entries of a mapping in one of the charm's files.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    spot: Spot<'a>,
    entries: &'a [Entry],
    /// Whether a key without a value is as good as none.
    null_is_absent: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(spot: Spot<'a>, entries: &'a [Entry]) -> Self {
        Self { spot, entries, null_is_absent: false }
    }

    /// Takes a key without a value for no key at all, as charmcraft does.
    pub(super) fn skipping_null(self) -> Self {
        Self { null_is_absent: true, ..self }
    }

    /// Returns the mapping itself.
    pub(super) fn spot(&self) -> &Spot<'a> {
        &self.spot
    }

    /// Returns the value of `key`, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Spot<'a>> {
        self.iter().find(|(name, _)| *name == key).map(|(_, spot)| spot)
    }

    /// Returns the value of `key`, and reports it if it is missing.
    pub(super) fn required(&self, key: &str) -> Option<Spot<'a>> {
        let value = self.get(key);
        if value.is_none() {
            self.spot.fault(format_args!("`{key}` is missing"));
        }
        value
    }

    /// Tells whether `key` holds a collection in which `name` is a key.
    pub(super) fn declares(&self, key: &str, name: &str) -> bool {
        self.get(key).is_some_and(|spot| match &spot.node().value {
            Value::Mapping(entries) => entries.iter().any(|entry| entry.key == name),
            _ => false,
        })
    }

    /// Returns the entries in the order of the text.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> {
        self.entries
            .iter()
            .filter(|entry| !(self.null_is_absent && is_null(entry)))
            .map(|entry| {
                (&*entry.key, self.spot.below(&entry.key, entry.key_place, &entry.value))
            })
    }

    /// Warns of keys that nobody reads: they are likely to be misspelt.
    pub(super) fn warn_of_unknown(&self, known: &[&str]) {
        for (key, spot) in self.iter().filter(|(key, _)| !known.contains(key)) {
            spot.warn(format_args!("nobody reads the key `{key}`{}", hint(key, known)));
        }
    }

    /// Reports keys that are refused.
    pub(super) fn refuse_unknown(&self, known: &[&str]) {
        for (key, spot) in self.iter().filter(|(key, _)| !known.contains(key)) {
            spot.fault(format_args!("the key `{key}` is unknown here{}", hint(key, known)));
        }
    }
}

fn is_null(entry: &Entry) -> bool {
    match &entry.value.value {
        Value::Scalar(scalar) => scalar.resolve() == crate::yaml::Resolved::Null,
        _ => false,
    }
}

/// Names the known key that was most likely meant.
fn hint(key: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|known| (distance(key, known), known))
        .min()
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len() / 2);
    nearest.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"))
}

/// Counts the letters to insert, remove or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    // A longer word is no misspelling, and would take long.
    if from.len() > 2 * to.len() {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}
