//! From text, or a value, to data of one's own type.

use serde::de::DeserializeOwned;

use crate::deserialize_error::DeserializeError;
use crate::value::Value;
use crate::value_deserializer::ValueDeserializer;

/// Reads typed data from a text as Python's `json.loads` reads it.
///
/// Keys that are numbers in the type are read from their text, as they were
/// written.
///
/// ```
/// use std::collections::BTreeMap;
/// use python_json::Value;
///
/// #[derive(serde::Deserialize)]
/// struct Job {
///     port: u16,
///     #[serde(flatten)]
///     unknown: BTreeMap<String, Value>,
/// }
///
/// let job: Job = python_json::from_str(r#"{"id": 18446744073709551616, "port": 9100}"#)?;
/// assert_eq!(job.port, 9100);
/// assert_eq!(job.unknown["id"].to_string(), "18446744073709551616");
///
/// let wrong = python_json::from_str::<Job>(r#"{"port": 91000}"#);
/// assert_eq!(
///     wrong.err().map(|error| error.to_string()).as_deref(),
///     Some("invalid JSON at `port`: invalid value: integer `91000`, expected u16")
/// );
/// # Ok::<(), python_json::DeserializeError>(())
/// ```
///
/// # Errors
///
/// Returns an error if the text is no [`Value`], or if the value does not have
/// the form of `T`.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, DeserializeError> {
    from_value(text.parse()?)
}

/// Takes typed data out of a value.
///
/// # Errors
///
/// Returns an error that names the place if the value does not have the form
/// of `T`.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, DeserializeError> {
    Ok(serde_path_to_error::deserialize(ValueDeserializer(value))?)
}
