//! A value as a source of typed data.

mod key;

use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};

use crate::integer::Integer;
use crate::value::Value;
use crate::value_deserializer::key::KeyDeserializer;

pub(crate) struct ValueDeserializer(pub(crate) Value);

impl IntoDeserializer<'_> for ValueDeserializer {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl ValueDeserializer {
    /// Gives a value to a visitor, and leaves integers beyond 64 bits to `large`.
    fn give<'de, V: Visitor<'de>>(
        self,
        visitor: V,
        large: fn(&Integer, V) -> Result<V::Value, Error>,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(bool),
            Value::Integer(integer) => {
                if let Ok(number) = i64::try_from(&integer) {
                    visitor.visit_i64(number)
                } else if let Ok(number) = u64::try_from(&integer) {
                    visitor.visit_u64(number)
                } else {
                    large(&integer, visitor)
                }
            }
            Value::Float(float) => visitor.visit_f64(float.into()),
            Value::String(string) => visitor.visit_string(string),
            Value::Array(array) => {
                let items = array.into_iter().map(Self);
                SeqDeserializer::new(items).deserialize_any(visitor)
            }
            Value::Object(object) => {
                let entries = object.into_iter();
                let entries = entries.map(|(key, value)| (KeyDeserializer(key), Self(value)));
                MapDeserializer::new(entries).deserialize_any(visitor)
            }
        }
    }
}

/// Gives an integer to who may be a [`Value`], of whatever size it is.
///
/// JSON has no bytes, so they can carry the digits, through serde's own
/// buffers as well.
fn as_digits<'de, V: Visitor<'de>>(integer: &Integer, visitor: V) -> Result<V::Value, Error> {
    visitor.visit_bytes(integer.as_str().as_bytes())
}

/// Gives an integer to who has said what is expected.
fn as_number<'de, V: Visitor<'de>>(integer: &Integer, visitor: V) -> Result<V::Value, Error> {
    if let Ok(number) = i128::try_from(integer) {
        visitor.visit_i128(number)
    } else if let Ok(number) = u128::try_from(integer) {
        visitor.visit_u128(number)
    } else {
        Err(Error::invalid_type(Unexpected::Other("integer beyond 128 bits"), &visitor))
    }
}

macro_rules! give_as_number {
    ($($method:ident($($argument:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $argument,)* visitor: V) -> Result<V::Value, Error> {
            self.give(visitor, as_number)
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer {
    type Error = Error;

    give_as_number! {
        deserialize_bool()
        deserialize_i8()
        deserialize_i16()
        deserialize_i32()
        deserialize_i64()
        deserialize_i128()
        deserialize_u8()
        deserialize_u16()
        deserialize_u32()
        deserialize_u64()
        deserialize_u128()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_unit()
        deserialize_unit_struct(&'static str)
        deserialize_seq()
        deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize)
        deserialize_map()
        deserialize_struct(&'static str, &'static [&'static str])
        deserialize_identifier()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.give(visitor, as_digits)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(variant) => visitor.visit_enum(variant.into_deserializer()),
            Value::Object(object) if object.len() == 1 => {
                let entry = object.into_iter().map(|(key, value)| (key, Self(value)));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entry)))
            }
            Value::Object(_) => {
                Err(Error::invalid_value(Unexpected::Map, &"a map of one key, the variant"))
            }
            _ => self.give(visitor, as_number),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
