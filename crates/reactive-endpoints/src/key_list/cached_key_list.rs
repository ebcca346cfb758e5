//! A list that is kept from run to run.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Result;
use crate::key_list::{KeyList, KeyOrIndex, Keyed};
use crate::state::kv::Kv;

/// A [`KeyList`] of the charm's own that is kept from run to run: whatever
/// changes it stores it, under a key of [`Kv`].
///
/// ```
/// use reactive_endpoints::{Keyed, testing};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
/// struct Backup {
///     name: String,
///     size: u64,
/// }
///
/// impl Keyed for Backup {
///     fn key(&self) -> &str {
///         &self.name
///     }
/// }
///
/// # testing::run(|cx| {
/// let backups = cx.key_list::<Backup>("backups")?;
/// backups.append(Backup { name: "monday".to_owned(), size: 7 })?;
/// assert_eq!(backups.get("monday").unwrap().size, 7);
///
/// let backups = cx.key_list::<Backup>("backups")?;
/// assert_eq!(backups.pop("monday")?.unwrap().size, 7);
/// assert!(backups.to_list().is_empty());
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct CachedKeyList<T> {
    kv: Kv,
    key: String,
    items: Rc<RefCell<KeyList<T>>>,
}

impl<T: Clone + Keyed + Serialize + DeserializeOwned> CachedKeyList<T> {
    pub(crate) fn read(kv: Kv, key: &str) -> Result<Self> {
        let items: Option<Vec<T>> = kv.get::<Option<Vec<T>>>(key)?.flatten();
        let items = KeyList::from(items.unwrap_or_default());
        Ok(Self { kv, key: key.to_owned(), items: Rc::new(RefCell::new(items)) })
    }
}

impl<T: Clone + Keyed + Serialize> CachedKeyList<T> {
    pub(crate) fn with_items(kv: Kv, key: &str, items: KeyList<T>) -> Self {
        Self { kv, key: key.to_owned(), items: Rc::new(RefCell::new(items)) }
    }

    /// Returns an item.
    pub fn get<'a>(&self, key: impl Into<KeyOrIndex<'a>>) -> Option<T> {
        self.items.borrow().get(key).cloned()
    }

    /// Returns all items, as they are now.
    pub fn to_list(&self) -> KeyList<T> {
        self.items.borrow().clone()
    }

    /// Tells whether there is an item with that key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.items.borrow().contains_key(key)
    }

    /// Tells whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.items.borrow().is_empty()
    }

    /// Returns how many items there are.
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Adds an item at the end.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn append(&self, item: T) -> Result {
        self.change(|items| items.append(item))
    }

    /// Adds items at the end.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn extend(&self, new: impl IntoIterator<Item = T>) -> Result {
        self.change(|items| items.extend(new))
    }

    /// Puts an item in the place of another, and returns that. If there is
    /// none in that place, nothing is changed.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn set<'a>(&self, key: impl Into<KeyOrIndex<'a>>, item: T) -> Result<Option<T>> {
        self.change(|items| items.set(key, item).ok())
    }

    /// Takes an item out of the list.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn pop<'a>(&self, key: impl Into<KeyOrIndex<'a>>) -> Result<Option<T>> {
        self.change(|items| items.pop(key))
    }

    /// Deletes an item, and tells whether there was one.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn delete<'a>(&self, key: impl Into<KeyOrIndex<'a>>) -> Result<bool> {
        self.change(|items| items.delete(key))
    }

    /// Removes the first item that is equal to `item`, and tells whether there
    /// was one.
    ///
    /// # Errors
    ///
    /// Returns an error if an item cannot be written as JSON.
    pub fn remove(&self, item: &T) -> Result<bool>
    where
        T: PartialEq,
    {
        self.change(|items| items.remove(item))
    }

    /// Removes all items.
    ///
    /// # Errors
    ///
    /// Never: what is not there can be written.
    pub fn clear(&self) -> Result {
        self.change(KeyList::clear)
    }

    fn change<R>(&self, change: impl FnOnce(&mut KeyList<T>) -> R) -> Result<R> {
        let changed = change(&mut self.items.borrow_mut());
        let items = self.items.borrow();
        if items.is_empty() {
            self.kv.unset(&self.key);
        } else {
            self.kv.set::<[T]>(&self.key, &items)?;
        }
        Ok(changed)
    }
}
