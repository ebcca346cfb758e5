//! A list that can be looked up by key.

pub(crate) mod cached_key_list;

use std::borrow::Cow;
use std::ops::{Deref, DerefMut, Index, IndexMut};

/// An item that a [`KeyList`] finds by its key.
pub trait Keyed {
    /// Returns the key, such as the name of a unit.
    fn key(&self) -> &str;
}

/// A list whose items can also be looked up by their key.
///
/// Keys need not be unique: the first item of a key is the one that is found.
/// All that a slice can do, a `KeyList` can, too.
///
/// ```
/// use reactive_endpoints::{KeyList, Keyed};
///
/// struct Member(&'static str, u16);
///
/// impl Keyed for Member {
///     fn key(&self) -> &str {
///         self.0
///     }
/// }
///
/// let mut members = KeyList::from([Member("a", 1), Member("b", 2), Member("a", 3)]);
/// assert_eq!(members["a"].1, 1);
/// assert_eq!(members[2].1, 3);
/// assert_eq!(members.keys().collect::<Vec<_>>().join(", "), "a, b, a");
///
/// assert_eq!(members.pop("a").unwrap().1, 1);
/// assert_eq!(members["a"].1, 3);
/// assert!(members.get("c").is_none());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyList<T>(Vec<T>);

impl<T: Keyed> KeyList<T> {
    /// Makes a list without items.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns the position of an item.
    pub fn position<'a>(&self, key: impl Into<KeyOrIndex<'a>>) -> Option<usize> {
        match key.into() {
            KeyOrIndex::Index(index) => (index < self.0.len()).then_some(index),
            KeyOrIndex::Key(key) => self.0.iter().position(|item| item.key() == key),
        }
    }

    /// Returns an item.
    pub fn get<'a>(&self, key: impl Into<KeyOrIndex<'a>>) -> Option<&T> {
        self.position(key).map(|index| &self.0[index])
    }

    /// Returns an item to be changed.
    pub fn get_mut<'a>(&mut self, key: impl Into<KeyOrIndex<'a>>) -> Option<&mut T> {
        self.position(key).map(|index| &mut self.0[index])
    }

    /// Puts an item in the place of another, and returns that; without one in
    /// that place nothing is changed, and `item` comes back as the error.
    ///
    /// # Errors
    ///
    /// Returns `item` if there is none in that place.
    pub fn set<'a>(&mut self, key: impl Into<KeyOrIndex<'a>>, item: T) -> Result<T, T> {
        match self.position(key) {
            Some(index) => Ok(std::mem::replace(&mut self.0[index], item)),
            None => Err(item),
        }
    }

    /// Takes an item out of the list.
    pub fn pop<'a>(&mut self, key: impl Into<KeyOrIndex<'a>>) -> Option<T> {
        self.position(key).map(|index| self.0.remove(index))
    }

    /// Deletes an item, and tells whether there was one.
    pub fn delete<'a>(&mut self, key: impl Into<KeyOrIndex<'a>>) -> bool {
        self.pop(key).is_some()
    }

    /// Removes the first item that is equal to `item`, and tells whether there
    /// was one.
    pub fn remove(&mut self, item: &T) -> bool
    where
        T: PartialEq,
    {
        let position = self.0.iter().position(|other| other == item);
        position.map(|index| self.0.remove(index)).is_some()
    }

    /// Adds an item at the end.
    pub fn append(&mut self, item: T) {
        self.0.push(item);
    }

    /// Removes all items.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the keys of all items, in their order and not only once.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().map(Keyed::key)
    }

    /// Returns all items, in their order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Returns all items with their keys, in their order.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&str, &T)> {
        self.0.iter().map(|item| (item.key(), item))
    }

    /// Tells whether there is an item with that key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.keys().any(|other| other == key)
    }
}

impl<T: Keyed> Default for KeyList<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Keyed, const N: usize> From<[T; N]> for KeyList<T> {
    fn from(items: [T; N]) -> Self {
        Self(Vec::from(items))
    }
}

impl<T: Keyed> From<Vec<T>> for KeyList<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T: Keyed> FromIterator<T> for KeyList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T: Keyed> Extend<T> for KeyList<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.extend(items);
    }
}

impl<T> Deref for KeyList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for KeyList<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> IntoIterator for KeyList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a KeyList<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T: Keyed, K: Into<KeyOrIndex<'a>>> Index<K> for KeyList<T> {
    type Output = T;

    /// # Panics
    ///
    /// Panics if there is no such item; [`KeyList::get`] does not.
    fn index(&self, key: K) -> &T {
        let key = key.into();
        let position = self.position(key.clone());
        &self.0[position.unwrap_or_else(|| panic!("{}", missing(&key, self.0.len())))]
    }
}

impl<'a, T: Keyed, K: Into<KeyOrIndex<'a>>> IndexMut<K> for KeyList<T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        let key = key.into();
        let position = self.position(key.clone());
        let length = self.0.len();
        &mut self.0[position.unwrap_or_else(|| panic!("{}", missing(&key, length)))]
    }
}

fn missing(key: &KeyOrIndex<'_>, length: usize) -> String {
    match key {
        KeyOrIndex::Index(index) => format!("no item {index} in a list of {length} items"),
        KeyOrIndex::Key(key) => format!("no item with the key `{key}` in a list of {length} items"),
    }
}

/// Where an item of a [`KeyList`] is: at a position, or where its key says.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "a list has no third way to find an item")]
pub enum KeyOrIndex<'a> {
    /// The position, counted from 0.
    Index(usize),
    /// The key.
    Key(Cow<'a, str>),
}

impl From<usize> for KeyOrIndex<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl<'a> From<&'a str> for KeyOrIndex<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl<'a> From<&'a String> for KeyOrIndex<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<&juju_types::RelationId> for KeyOrIndex<'_> {
    fn from(relation: &juju_types::RelationId) -> Self {
        Self::Key(Cow::Owned(relation.to_string()))
    }
}

impl From<&juju_types::UnitName> for KeyOrIndex<'_> {
    fn from(unit: &juju_types::UnitName) -> Self {
        Self::Key(Cow::Owned(unit.to_string()))
    }
}
