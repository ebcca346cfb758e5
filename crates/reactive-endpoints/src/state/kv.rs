//! The charm's own stored data.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::failure::Result;
use crate::misfit::Misfit;
use crate::run::Run;

/// The charm's own stored data: values by key, kept from run to run in the
/// form of Python's `unitdata.kv()`.
///
/// A change is seen at once, and kept when the run succeeds. What flags,
/// endpoints and the rest of this crate keep is here, too, under keys that
/// begin with `reactive.`.
///
/// ```
/// # use reactive_endpoints::testing;
/// # testing::run(|cx| {
/// let kv = cx.kv();
/// kv.set("backup.last", &"monday")?;
/// kv.update("member.", [("a", 1), ("b", 2)])?;
///
/// assert_eq!(kv.get::<String>("backup.last")?.as_deref(), Some("monday"));
/// assert_eq!(kv.getrange::<u8>("member.")?["b"], 2);
///
/// kv.unsetrange("member.");
/// assert_eq!(kv.get::<u8>("member.a")?, None);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Kv(Rc<Run>);

impl Kv {
    pub(crate) fn new(run: Rc<Run>) -> Self {
        Self(run)
    }

    /// Returns the value of a key, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`] if the value does not fit `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        Ok(self.0.state.get(key).map(|text| read(key, &text)).transpose()?)
    }

    /// Returns the values of all keys that begin with `prefix`, by the rest of
    /// the keys.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`] if a value does not fit `T`.
    pub fn getrange<T: DeserializeOwned>(&self, prefix: &str) -> Result<BTreeMap<String, T>> {
        let rows = self.0.state.range(prefix).into_iter();
        let values = rows.map(|(rest, text)| {
            let value = read(&format!("{prefix}{rest}"), &text)?;
            Ok((rest, value))
        });
        values.collect()
    }

    /// Stores a value.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`] if the value cannot be written as JSON.
    pub fn set<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result {
        let text = python_json::to_string_in_order(value);
        let text = text.map_err(|source| KvError::Write { key: key.to_owned(), source })?;
        self.0.state.set(key, Some(text));
        Ok(())
    }

    /// Stores values under keys that begin with `prefix`.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`] if a value cannot be written as JSON; the values
    /// before it are stored.
    pub fn update<K: AsRef<str>, T: Serialize>(
        &self,
        prefix: &str,
        values: impl IntoIterator<Item = (K, T)>,
    ) -> Result {
        for (key, value) in values {
            self.set(&format!("{prefix}{}", key.as_ref()), &value)?;
        }
        Ok(())
    }

    /// Removes a key.
    pub fn unset(&self, key: &str) {
        self.0.state.set(key, None);
    }

    /// Removes all keys that begin with `prefix`.
    pub fn unsetrange(&self, prefix: &str) {
        for rest in self.0.state.range(prefix).into_keys() {
            self.unset(&format!("{prefix}{rest}"));
        }
    }
}

/// Why a stored value cannot be read or written. Neither this nor its source
/// quotes the value, which may be a secret.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KvError {
    /// The value is not of the type that is asked for.
    #[error("the stored value of `{key}` cannot be read")]
    Read {
        /// The key.
        key: String,
        /// Where it does not fit.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The value cannot be written as JSON.
    #[error("cannot store the value of `{key}`")]
    Write {
        /// The key.
        key: String,
        /// Why it cannot.
        source: python_json::SerializeError,
    },
}

fn read<T: DeserializeOwned>(key: &str, text: &str) -> std::result::Result<T, KvError> {
    let value = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
    value.map_err(|error: serde_path_to_error::Error<serde_json::Error>| {
        let misfit = Misfit::of(error.inner());
        let source = match error.path().to_string().as_str() {
            "." => misfit.into(),
            path => format!("{path}: {misfit}").into(),
        };
        KvError::Read { key: key.to_owned(), source }
    })
}
