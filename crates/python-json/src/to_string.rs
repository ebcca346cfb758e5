//! From a value to text.

use serde::Serialize;

use crate::parse::DEPTH_LIMIT;
use crate::serialize_error::SerializeError;
use crate::writer::{Form, Writer};

/// Writes a value as Python's `json.dumps(value, sort_keys=True)` does.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let sizes = BTreeMap::from([(10, 1e22), (9, 0.1)]);
/// assert_eq!(python_json::to_string(&sizes)?, r#"{"9": 0.1, "10": 1e+22}"#);
/// # Ok::<(), python_json::SerializeError>(())
/// ```
///
/// # Errors
///
/// Returns an error that names the place within the value if
///
/// - a float is `NaN` or infinite,
/// - a key is neither text nor a number, a `bool` or nothing, or the keys of
///   one map are of more than one of these kinds (numbers and `bool` are one),
/// - the value holds bytes in the sense of [`serde::Serializer::serialize_bytes`],
/// - it is nested deeper than [`DEPTH_LIMIT`], and could not be read again,
/// - its own [`Serialize`] returns one.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, SerializeError> {
    write(value, true)
}

/// Writes a value as Python's `json.dumps(value)` does, which leaves the keys
/// of maps in the order in which they come: those of a struct in that of its
/// fields. So `unitdata` of `charmhelpers` stores values.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Unit {
///     unit_name: &'static str,
///     data: (),
/// }
///
/// let unit = Unit { unit_name: "db/0", data: () };
/// assert_eq!(python_json::to_string_in_order(&unit)?, r#"{"unit_name": "db/0", "data": null}"#);
/// # Ok::<(), python_json::SerializeError>(())
/// ```
///
/// # Errors
///
/// Returns an error under the conditions of [`to_string`], but that keys may be
/// of more than one kind.
pub fn to_string_in_order<T: Serialize + ?Sized>(value: &T) -> Result<String, SerializeError> {
    write(value, false)
}

fn write<T: Serialize + ?Sized>(value: &T, sort_keys: bool) -> Result<String, SerializeError> {
    let mut text = String::new();
    let form = Form { sort_keys, levels: DEPTH_LIMIT };
    value.serialize(Writer::new(&mut text, form))?;
    Ok(text)
}
