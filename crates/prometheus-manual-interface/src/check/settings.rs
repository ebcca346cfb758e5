//! What a section of a configuration holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use python_json::Value;

/// What a section of a configuration holds, by its keys.
pub(crate) type Settings = BTreeMap<String, Value>;

/// Tells whether there is a value for a key that is not null or an empty text.
pub(crate) fn is_set(settings: &Settings, name: &str) -> bool {
    match settings.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

/// Returns the list that is under a key, or an empty one.
pub(crate) fn list<'a>(settings: &'a Settings, name: &str) -> &'a [Value] {
    match settings.get(name) {
        Some(Value::Array(list)) => list,
        _ => &[],
    }
}

/// Returns the text that Prometheus reads where it wants a text.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(bool) => Some(bool.to_string().into()),
        Value::Integer(integer) => Some(integer.to_string().into()),
        Value::Float(float) => Some(float.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
