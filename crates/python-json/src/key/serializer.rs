//! From what serde serialises to a key.

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use crate::integer::{Integer, TOKEN};
use crate::key::{Key, Number};
use crate::serialize_error::{Fault, SerializeError};

/// Takes whatever Python takes as a key.
pub(super) struct KeySerializer;

macro_rules! integers {
    ($($method:ident: $primitive:ty;)*) => {$(
        fn $method(self, number: $primitive) -> Result<Key, SerializeError> {
            Ok(Key::Number(Number::Integer(number.into())))
        }
    )*};
}

type Never = Impossible<Key, SerializeError>;

impl Serializer for KeySerializer {
    type Ok = Key;
    type Error = SerializeError;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    integers! {
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
    }

    fn serialize_bool(self, bool: bool) -> Result<Key, SerializeError> {
        Ok(Key::Number(Number::Bool(bool)))
    }

    fn serialize_f32(self, number: f32) -> Result<Key, SerializeError> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<Key, SerializeError> {
        Ok(Key::Number(Number::Float(number.try_into().map_err(Fault::NotFinite)?)))
    }

    fn serialize_char(self, c: char) -> Result<Key, SerializeError> {
        Ok(Key::Text(c.to_string()))
    }

    fn serialize_str(self, text: &str) -> Result<Key, SerializeError> {
        Ok(Key::Text(text.to_owned()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Key, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_none(self) -> Result<Key, SerializeError> {
        Ok(Key::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Key, SerializeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Key, SerializeError> {
        Ok(Key::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Key, SerializeError> {
        Ok(Key::Nothing)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Key, SerializeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Key, SerializeError> {
        if name == TOKEN {
            return Integer::from_token(value).map(Number::Integer).map(Key::Number);
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Key, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_tuple(self, _: usize) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, SerializeError> {
        Err(Fault::KeyForm.into())
    }
}
