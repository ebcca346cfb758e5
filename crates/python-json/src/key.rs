//! The keys of a map.

mod serializer;

use std::cmp::Ordering;
use std::mem::discriminant;

use serde::Serialize;

use crate::float::Float;
use crate::integer::Integer;
use crate::key::serializer::KeySerializer;
use crate::quote::quote;
use crate::serialize_error::SerializeError;

/// A key as Python holds it, until it is sorted and becomes text.
pub(crate) enum Key {
    Nothing,
    Number(Number),
    Text(String),
}

/// What Python can compare with numbers.
pub(crate) enum Number {
    Bool(bool),
    Float(Float),
    Integer(Integer),
}

impl Key {
    /// Takes a value that serves as a key.
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, SerializeError> {
        value.serialize(KeySerializer)
    }

    /// Returns the text of the key, without quotes.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Nothing => "null".to_owned(),
            Self::Number(Number::Bool(bool)) => bool.to_string(),
            Self::Number(Number::Float(float)) => float.to_string(),
            Self::Number(Number::Integer(integer)) => integer.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    /// Appends the key and what separates it from its value.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => quote(text, out),
            other => quote(&other.text(), out),
        }
        out.push_str(": ");
    }

    pub(crate) fn is_same_kind(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other)
    }

    /// Compares with a key of the same kind.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Number(left), Self::Number(right)) => left.order(right),
            _ => Ordering::Equal,
        }
    }
}

impl Number {
    /// Compares the exact values, as Python does: `True`, `1` and `1.0` are
    /// equal, and so one key.
    fn order(&self, other: &Self) -> Ordering {
        let (left, left_fraction) = self.parts();
        let (right, right_fraction) = other.parts();
        left.cmp(&right).then(left_fraction.total_cmp(&right_fraction))
    }

    /// Returns what stands before and after the point; both bear the sign.
    fn parts(&self) -> (Integer, f64) {
        match self {
            Self::Bool(bool) => (u8::from(*bool).into(), 0.0),
            Self::Float(float) => {
                let number = f64::from(*float);
                // Adding zero makes zero of a negative zero.
                (Integer::truncated(number), number.fract() + 0.0)
            }
            Self::Integer(integer) => (integer.clone(), 0.0),
        }
    }
}
