use std::collections::BTreeMap;

/// A value to be written as JSON or YAML.
///
/// Maps keep the order in which they were made: the agent prints some with
/// sorted keys and others in the order of its structs. All numbers are floating
/// point, because they reach the real agent through a JSON interface.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Boolean(bool),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    Null,
    Number(f64),
    Text(String),
}

impl Value {
    /// Makes a map of texts, such as all settings of a relation.
    pub(crate) fn texts<'a>(entries: impl IntoIterator<Item = (&'a String, &'a String)>) -> Self {
        let text = |(key, value): (&String, &String)| (key.clone(), Self::Text(value.clone()));
        Self::Map(entries.into_iter().map(text).collect())
    }

    /// Makes a map of fields in the order given.
    pub(crate) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Self {
        Self::Map(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Boolean(*truth),
            // A number of JSON that is none of Rust's does not exist without
            // serde_json's `arbitrary_precision`.
            serde_json::Value::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Array(items) => items.iter().collect(),
            serde_json::Value::Object(entries) => {
                // Go sorts the keys of its maps, and does not keep their order.
                let sorted: BTreeMap<&String, &serde_json::Value> = entries.iter().collect();
                let entry = |(key, value): (&String, _)| (key.clone(), Self::from(value));
                Self::Map(sorted.into_iter().map(entry).collect())
            }
        }
    }
}
