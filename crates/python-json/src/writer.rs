//! From what serde serialises to text.

mod array;
mod object;

use std::fmt::Display;

use serde::Serialize;
use serde::ser::Serializer;

use crate::float::Float;
use crate::integer::{Integer, TOKEN};
use crate::quote::quote;
use crate::serialize_error::{Fault, SerializeError};
use crate::writer::array::ArrayWriter;
use crate::writer::object::ObjectWriter;

/// Appends one value to a text.
pub(crate) struct Writer<'a> {
    out: &'a mut String,
    form: Form,
}

/// How values within a value are written.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// Whether the keys of maps are sorted, or stay in the order in which they come.
    pub(crate) sort_keys: bool,
    /// How many more levels of lists and maps may be opened.
    pub(crate) levels: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut String, form: Form) -> Self {
        Self { out, form }
    }

    fn plain(self, value: impl Display) {
        use std::fmt::Write as _;
        write!(self.out, "{value}").expect("writing to a string succeeds");
    }

    fn open(self, bracket: &str) -> Result<Self, SerializeError> {
        let levels = self.form.levels.checked_sub(1).ok_or(Fault::Depth)?;
        self.out.push_str(bracket);
        Ok(Self { form: Form { levels, ..self.form }, ..self })
    }

    /// Opens the map that serde makes of a variant with contents.
    fn open_variant(self, variant: &str) -> Result<Self, SerializeError> {
        let writer = self.open("{")?;
        quote(variant, writer.out);
        writer.out.push_str(": ");
        Ok(writer)
    }
}

macro_rules! integers {
    ($($method:ident: $primitive:ty;)*) => {$(
        fn $method(self, number: $primitive) -> Result<(), SerializeError> {
            self.plain(number);
            Ok(())
        }
    )*};
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = SerializeError;
    type SerializeSeq = ArrayWriter<'a>;
    type SerializeTuple = ArrayWriter<'a>;
    type SerializeTupleStruct = ArrayWriter<'a>;
    type SerializeTupleVariant = ArrayWriter<'a>;
    type SerializeMap = ObjectWriter<'a>;
    type SerializeStruct = ObjectWriter<'a>;
    type SerializeStructVariant = ObjectWriter<'a>;

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

    fn serialize_bool(self, bool: bool) -> Result<(), SerializeError> {
        self.plain(bool);
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), SerializeError> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), SerializeError> {
        self.plain(Float::try_from(number).map_err(Fault::NotFinite)?);
        Ok(())
    }

    fn serialize_char(self, c: char) -> Result<(), SerializeError> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), SerializeError> {
        quote(text, self.out);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), SerializeError> {
        Err(Fault::Bytes.into())
    }

    fn serialize_none(self) -> Result<(), SerializeError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), SerializeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), SerializeError> {
        self.plain("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), SerializeError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), SerializeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        if name == TOKEN {
            self.plain(Integer::from_token(value)?);
            return Ok(());
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        let Self { out, form } = self.open_variant(variant)?;
        let written = value.serialize(Writer::new(out, form));
        written.map_err(|error| error.within_key(variant))?;
        out.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ArrayWriter<'a>, SerializeError> {
        Ok(ArrayWriter::new(self.open("[")?, None))
    }

    fn serialize_tuple(self, length: usize) -> Result<ArrayWriter<'a>, SerializeError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<ArrayWriter<'a>, SerializeError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ArrayWriter<'a>, SerializeError> {
        Ok(ArrayWriter::new(self.open_variant(variant)?.open("[")?, Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<ObjectWriter<'a>, SerializeError> {
        Ok(ObjectWriter::new(self.open("{")?, None))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<ObjectWriter<'a>, SerializeError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ObjectWriter<'a>, SerializeError> {
        Ok(ObjectWriter::new(self.open_variant(variant)?.open("{")?, Some(variant)))
    }
}
