//! Any value that JSON can hold.

mod deserialize;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::float::Float;
use crate::integer::Integer;
use crate::parse::{ParseValueError, parse};
use crate::writer::{Form, Writer};

/// What Python wrote, to look at and to write again unchanged.
///
/// It is read by `parse` and written by its `Display`, as Python does both.
///
/// ```
/// use python_json::Value;
///
/// let text = r#"{"big": 123456789012345678901234567890, "float": 1.0, "int": 1}"#;
/// let value: Value = text.parse()?;
/// assert_eq!(value.to_string(), text);
/// # Ok::<(), python_json::ParseValueError>(())
/// ```
///
/// As a field of a type of one's own it is read without a loss by
/// [`from_str()`](crate::from_str()), which gives it every digit. Other formats
/// give it what they have: `serde_json` makes a float of an integer beyond 64
/// bits.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON knows these and no other")]
pub enum Value {
    /// `null`, Python's `None`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without point and exponent, Python's `int`.
    Integer(Integer),
    /// A number with a point or an exponent, Python's `float`.
    Float(Float),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// A map, Python's `dict`.
    Object(BTreeMap<String, Value>),
}

impl FromStr for Value {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        let form = Form { sort_keys: true, levels: usize::MAX };
        self.serialize(Writer::new(&mut text, form)).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Integer(integer) => integer.serialize(serializer),
            Self::Float(float) => float.serialize(serializer),
            Self::String(string) => serializer.serialize_str(string),
            Self::Array(array) => serializer.collect_seq(array),
            Self::Object(object) => serializer.collect_map(object),
        }
    }
}
