//! A mapping with keys that mean something.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use crate::charm::spot::Spot;
use crate::yaml::{Entry, Resolved, Value};

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
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        self.is_there(entry).then(|| self.below(entry))
    }

    /// Returns the value of `key`, and reports it if it is missing.
    pub(super) fn required(&self, key: &str) -> Option<Spot<'a>> {
        let value = self.get(key);
        if value.is_none() {
            self.spot.fault(format_args!("`{key}` is missing"));
        }
        value
    }

    /// Returns the text at `key`, if it is there.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key)?.text().map(str::to_owned)
    }

    /// Returns the items of the list at `key`; none if it is not there.
    pub(super) fn items(&self, key: &str) -> Vec<Spot<'a>> {
        self.get(key).map(|list| list.items()).unwrap_or_default()
    }

    /// Returns the texts in the list at `key`; none if it is not there.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        self.get(key).map(|list| list.texts()).unwrap_or_default()
    }

    /// Reads the mapping at `key` from names that have a rule of their own; it
    /// is empty if it is not there.
    pub(super) fn named<K, V>(
        &self,
        key: &str,
        read: impl Fn(&Spot<'a>) -> Option<V>,
    ) -> BTreeMap<K, V>
    where
        K: FromStr<Err: Display> + Ord,
    {
        self.get(key).map(|spot| spot.named(read)).unwrap_or_default()
    }

    /// Returns the entries in the order of the text.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> {
        let entries = self.entries.iter().filter(|entry| self.is_there(entry));
        entries.map(|entry| (&*entry.key, self.below(entry)))
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

    fn is_there(&self, entry: &Entry) -> bool {
        match &entry.value.value {
            Value::Scalar(scalar) => !self.null_is_absent || scalar.resolve() != Resolved::Null,
            Value::Mapping(_) | Value::Sequence(_) => true,
        }
    }

    fn below(&self, entry: &'a Entry) -> Spot<'a> {
        self.spot.below(&entry.key, entry.key_place, &entry.value)
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
