//! The content of a secret.

use std::collections::BTreeMap;
use std::fmt;

/// The content of a secret: bytes, mostly text, by key. `Debug` shows the keys
/// alone.
///
/// A key has at least three characters: a lower-case letter, then such letters
/// and digits, with single dashes between them. This is checked when the
/// content is sent.
///
/// ```
/// use juju_hook_env::SecretContent;
///
/// let content = SecretContent::new().with("user", "admin").with("password", "hunter2");
/// assert_eq!(content.text("user"), Some("admin"));
/// assert_eq!(format!("{content:?}"), "SecretContent {password, user}");
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct SecretContent {
    values: BTreeMap<String, Vec<u8>>,
}

impl SecretContent {
    /// Makes a content without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the content with `value` under `key`.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.values.insert(key.into(), value.into());
        self
    }

    /// Returns the value under `key`.
    pub fn bytes(&self, key: &str) -> Option<&[u8]> {
        self.values.get(key).map(Vec::as_slice)
    }

    /// Returns the value under `key`, if there is one and it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.bytes(key).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Returns all values with their keys, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.values.iter().map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Tells whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl fmt::Debug for SecretContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.values.keys().map(String::as_str).collect();
        write!(f, "SecretContent {{{}}}", keys.join(", "))
    }
}

impl<K: Into<String>, V: Into<Vec<u8>>> FromIterator<(K, V)> for SecretContent {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
        let values = values.into_iter();
        Self { values: values.map(|(key, value)| (key.into(), value.into())).collect() }
    }
}
