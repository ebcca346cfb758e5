//! Maps.

use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, SerializeStructVariant};

use crate::key::Key;
use crate::serialize_error::{Fault, SerializeError};
use crate::writer::Writer;

/// Appends the entries of a map, whose brace is open.
///
/// They are written as they come. Only if that is not their order are they
/// written once more, so that what is sorted already costs nothing.
pub(crate) struct ObjectWriter<'a> {
    writer: Writer<'a>,
    /// Where the first entry begins.
    start: usize,
    entries: Vec<Entry>,
    /// A key whose value is still to come.
    pending: Option<Key>,
    /// The variant whose contents the map is, in a map of its own.
    variant: Option<&'static str>,
}

struct Entry {
    key: Key,
    /// Where the value stands in the text.
    value: Range<usize>,
}

impl<'a> ObjectWriter<'a> {
    pub(super) fn new(writer: Writer<'a>, variant: Option<&'static str>) -> Self {
        let start = writer.out.len();
        Self { writer, start, entries: Vec::new(), pending: None, variant }
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Result<(), SerializeError> {
        let Writer { out, form } = &mut self.writer;
        if !self.entries.is_empty() {
            out.push_str(", ");
        }
        key.write(out);
        let start = out.len();
        value.serialize(Writer::new(out, *form)).map_err(|error| {
            let error = error.within_key(&key.text());
            self.variant.into_iter().fold(error, SerializeError::within_key)
        })?;
        self.entries.push(Entry { key, value: start..out.len() });
        Ok(())
    }

    fn close(mut self) -> Result<(), SerializeError> {
        if self.writer.form.sort_keys {
            self.check_kinds()?;
            let in_order = |pair: &[Entry]| pair[0].key.order(&pair[1].key) == Ordering::Less;
            if !self.entries.windows(2).all(in_order) {
                self.sort();
            }
        }
        self.writer.out.push_str(if self.variant.is_some() { "}}" } else { "}" });
        Ok(())
    }

    fn check_kinds(&self) -> Result<(), SerializeError> {
        let Some((first, others)) = self.entries.split_first() else { return Ok(()) };
        match others.iter().find(|entry| !entry.key.is_same_kind(&first.key)) {
            Some(other) => Err(Fault::KeyKinds(first.key.text(), other.key.text()).into()),
            None => Ok(()),
        }
    }

    fn sort(&mut self) {
        self.entries.sort_by(|left, right| left.key.order(&right.key));
        // Of equal keys, a dict keeps the first, with the last value.
        self.entries.dedup_by(|later, earlier| {
            let equal = later.key.order(&earlier.key) == Ordering::Equal;
            if equal {
                earlier.value = later.value.clone();
            }
            equal
        });
        let unsorted = self.writer.out.split_off(self.start);
        for (index, Entry { key, value }) in self.entries.iter().enumerate() {
            if index > 0 {
                self.writer.out.push_str(", ");
            }
            key.write(self.writer.out);
            self.writer.out.push_str(&unsorted[value.start - self.start..value.end - self.start]);
        }
    }
}

impl SerializeMap for ObjectWriter<'_> {
    type Ok = ();
    type Error = SerializeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerializeError> {
        self.pending = Some(Key::new(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        let key = self.pending.take().expect("serde gives the key before its value");
        self.entry(key, value)
    }

    fn end(self) -> Result<(), SerializeError> {
        self.close()
    }
}

macro_rules! serialize_as_map {
    ($($serialize:ident)*) => {$(
        impl $serialize for ObjectWriter<'_> {
            type Ok = ();
            type Error = SerializeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), SerializeError> {
                self.entry(Key::Text(name.to_owned()), value)
            }

            fn end(self) -> Result<(), SerializeError> {
                self.close()
            }
        }
    )*};
}

serialize_as_map! { SerializeStruct SerializeStructVariant }
