//! What the other side of a relation has published.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use juju_hook_env::{Address, Subnet};
use python_json::Value;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::endpoint::setting_deserializer::{SettingDeserializer, SettingsDeserializer};
use crate::misfit::Misfit;

/// What a unit or an application at the other side of a relation has published.
///
/// Juju carries texts. Each can be read as it is, as JSON, or as a type.
///
/// ```
/// use reactive_endpoints::ReceivedData;
///
/// let data = ReceivedData::new("unit `db/0` in relation `db:1`", [
///     ("ingress-address", "10.0.0.1"),
///     ("version", "1.10"),
///     ("ports", "[5432, 5433]"),
/// ]);
/// assert_eq!(data.get_raw("version"), Some("1.10"));
/// assert_eq!(data.get::<String>("version")?.as_deref(), Some("1.10"));
/// assert_eq!(data.get::<Vec<u16>>("ports")?, Some(vec![5432, 5433]));
/// assert_eq!(data.get::<u16>("port")?, None);
/// assert_eq!(data.ingress_address(), "10.0.0.1".parse().ok());
/// assert_eq!(
///     data.get::<u16>("ingress-address").unwrap_err().to_string(),
///     "the setting `ingress-address` of unit `db/0` in relation `db:1` is not what it should be",
/// );
/// # Ok::<(), reactive_endpoints::SettingError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct ReceivedData {
    source: Rc<str>,
    data: Rc<BTreeMap<String, String>>,
}

impl ReceivedData {
    /// Makes them of what `source` has published; errors name it.
    pub fn new<K: Into<String>, V: Into<String>>(
        source: impl Into<Rc<str>>,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let data = data.into_iter().map(|(key, value)| (key.into(), value.into()));
        Self { source: source.into(), data: Rc::new(data.collect()) }
    }

    /// Returns all settings as they are.
    pub fn raw(&self) -> &BTreeMap<String, String> {
        &self.data
    }

    /// Returns a setting as it is.
    pub fn get_raw(&self, key: &str) -> Option<&str> {
        self.data.get(key).map(String::as_str)
    }

    /// Returns a setting as JSON, or as a text if it is none, or null if it is
    /// not there: what Python makes of it.
    ///
    /// What looks like JSON is taken as JSON: `1.10` is a number. The other
    /// methods are to be preferred.
    pub fn json(&self, key: &str) -> Value {
        match self.get_raw(key) {
            None => Value::Null,
            Some(text) => text.parse().unwrap_or_else(|_| Value::String(text.to_owned())),
        }
    }

    /// Returns a setting as a type, or `None` if it is not there.
    ///
    /// The setting is read as JSON. Where `T` wants a text, a setting that is
    /// no JSON text is that text: so `1.10` can be a number and a text, as the
    /// type says.
    ///
    /// # Errors
    ///
    /// Returns a [`SettingError`] if the setting does not fit `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, SettingError> {
        let Some(text) = self.get_raw(key) else { return Ok(None) };
        let value = serde_path_to_error::deserialize(SettingDeserializer::new(text));
        value.map(Some).map_err(|error| {
            let inside = error.path().to_string();
            let path = match inside.as_str() {
                "." => key.to_owned(),
                inside if inside.starts_with('[') => format!("{key}{inside}"),
                inside => format!("{key}.{inside}"),
            };
            self.error(&path, error.inner())
        })
    }

    /// Returns a setting as a type, or `default` if it is not there.
    ///
    /// # Errors
    ///
    /// Returns a [`SettingError`] if the setting does not fit `T`.
    pub fn get_or<T: DeserializeOwned>(&self, key: &str, default: T) -> Result<T, SettingError> {
        Ok(self.get(key)?.unwrap_or(default))
    }

    /// Returns all settings as one type: a struct whose fields are settings, or
    /// a map.
    ///
    /// What Juju itself publishes (`egress-subnets`, `ingress-address` and
    /// `private-address`) is left out unless a field asks for it by its name;
    /// a field with `#[serde(flatten)]` takes what no other field does. Settings
    /// that are JSON are numbers and lists there, and not texts, so it should be a
    /// map of values that can be any of these.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use reactive_endpoints::ReceivedData;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Database {
    ///     name: String,
    ///     port: u16,
    ///     #[serde(flatten)]
    ///     rest: BTreeMap<String, serde_json::Value>,
    /// }
    ///
    /// let data = ReceivedData::new("unit `db/0` in relation `db:1`", [
    ///     ("ingress-address", "10.0.0.1"),
    ///     ("name", "0815"),
    ///     ("port", "5432"),
    ///     ("flavour", "new"),
    ///     ("replicas", "3"),
    /// ]);
    /// let database: Database = data.view()?;
    /// assert_eq!((database.name.as_str(), database.port), ("0815", 5432));
    /// assert_eq!(database.rest, BTreeMap::from([
    ///     ("flavour".to_owned(), "new".into()),
    ///     ("replicas".to_owned(), 3.into()),
    /// ]));
    /// # Ok::<(), reactive_endpoints::SettingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SettingError`] that names the setting that does not fit, or
    /// is missing.
    pub fn view<T: DeserializeOwned>(&self) -> Result<T, SettingError> {
        let settings = SettingsDeserializer::new(&self.data);
        serde_path_to_error::deserialize(settings).map_err(|error| {
            let path = error.path().to_string();
            self.error(if path == "." { "" } else { &path }, error.inner())
        })
    }

    /// Returns the address to reach the other side at, or `None` if it has
    /// published none that can be read.
    pub fn ingress_address(&self) -> Option<Address> {
        self.get_raw("ingress-address")?.parse().ok()
    }

    /// Returns the subnets that the other side's traffic comes from, as far as
    /// it has published them and they can be read.
    pub fn egress_subnets(&self) -> Vec<Subnet> {
        let subnets = self.get_raw("egress-subnets").unwrap_or_default().split(',');
        subnets.filter_map(|subnet| subnet.trim().parse().ok()).collect()
    }

    fn error(&self, key: &str, error: &serde_json::Error) -> SettingError {
        SettingError {
            key: key.to_owned(),
            source_name: self.source.to_string(),
            source: Misfit::of(error),
        }
    }
}

impl fmt::Debug for ReceivedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let keys: Vec<&String> = self.data.keys().collect();
        f.debug_struct("ReceivedData")
            .field("source", &self.source)
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}

/// A setting is not what it should be. Neither this nor its source quotes the
/// value, which may be a secret.
#[derive(Debug, Error)]
#[error("{} of {source_name} is not what it should be", described(key))]
pub struct SettingError {
    key: String,
    source_name: String,
    source: Misfit,
}

impl SettingError {
    /// Returns the key of the setting, with the path inside it; empty if a
    /// setting is missing, or all of them do not fit together.
    pub fn key(&self) -> &str {
        &self.key
    }
}

fn described(key: &str) -> String {
    if key.is_empty() { "a setting".to_owned() } else { format!("the setting `{key}`") }
}
