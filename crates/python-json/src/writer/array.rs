//! Lists.

use serde::Serialize;
use serde::ser::{SerializeSeq, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant};

use crate::serialize_error::SerializeError;
use crate::writer::Writer;

/// Appends the items of a list, whose bracket is open.
pub(crate) struct ArrayWriter<'a> {
    writer: Writer<'a>,
    items: usize,
    /// The variant whose contents the list is, in a map of its own.
    variant: Option<&'static str>,
}

impl<'a> ArrayWriter<'a> {
    pub(super) fn new(writer: Writer<'a>, variant: Option<&'static str>) -> Self {
        Self { writer, items: 0, variant }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        let Writer { out, form } = &mut self.writer;
        if self.items > 0 {
            out.push_str(", ");
        }
        value.serialize(Writer::new(out, *form)).map_err(|error| {
            let error = error.within_item(self.items);
            self.variant.into_iter().fold(error, SerializeError::within_key)
        })?;
        self.items += 1;
        Ok(())
    }

    fn close(self) {
        self.writer.out.push_str(if self.variant.is_some() { "]}" } else { "]" });
    }
}

macro_rules! serialize_as_list {
    ($($serialize:ident: $method:ident;)*) => {$(
        impl $serialize for ArrayWriter<'_> {
            type Ok = ();
            type Error = SerializeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
                self.item(value)
            }

            fn end(self) -> Result<(), SerializeError> {
                self.close();
                Ok(())
            }
        }
    )*};
}

serialize_as_list! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}
