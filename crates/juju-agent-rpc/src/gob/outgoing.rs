//! Writing the messages of a gob stream.

use std::collections::BTreeSet;
use std::mem;

use super::TypeId;
use super::integer::{write_int, write_uint};

/// One direction of a connection, written as a gob stream.
#[derive(Default)]
pub(crate) struct Outgoing {
    /// The messages that have not been taken for sending yet.
    bytes: Vec<u8>,
    defined: BTreeSet<TypeId>,
}

impl Outgoing {
    /// Hands over what was written since the last time.
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        mem::take(&mut self.bytes)
    }

    /// Defines a struct type, unless the stream has done so before.
    ///
    /// The name is for people: peers match the fields. An unnamed type has an
    /// empty one.
    pub(crate) fn define_struct(&mut self, id: TypeId, name: &str, fields: &[(&str, TypeId)]) {
        self.define(id, |wire_type| {
            wire_type.absent().absent().structure(|struct_type| {
                struct_type.structure(|common| common.string(name).int(id)).field_types(fields)
            })
        });
    }

    /// Defines a slice type, unless the stream has done so before.
    pub(crate) fn define_slice(&mut self, id: TypeId, name: &str, element: TypeId) {
        self.define(id, |wire_type| {
            wire_type.absent().structure(|slice_type| {
                slice_type.structure(|common| common.string(name).int(id)).int(element)
            })
        });
    }

    /// Writes a value of a struct type.
    pub(crate) fn value(
        &mut self,
        id: TypeId,
        write: impl FnOnce(StructWriter<'_>) -> StructWriter<'_>,
    ) {
        self.message(id, write);
    }

    fn define(&mut self, id: TypeId, write: impl FnOnce(StructWriter<'_>) -> StructWriter<'_>) {
        if self.defined.insert(id) {
            self.message(-id, write);
        }
    }

    pub(super) fn message(
        &mut self,
        id: TypeId,
        write: impl FnOnce(StructWriter<'_>) -> StructWriter<'_>,
    ) {
        let mut message = Vec::new();
        write_int(&mut message, id);
        StructWriter::write(&mut message, write);
        self.frame(&message);
    }

    pub(super) fn frame(&mut self, message: &[u8]) {
        write_bytes(&mut self.bytes, message);
    }
}

/// Writes the fields of a struct, one call a field, in the order of its
/// definition. Fields with a zero value are left out, as gob wants it.
pub(crate) struct StructWriter<'a> {
    out: &'a mut Vec<u8>,
    /// How far the next field is from the last one that was written.
    step: u64,
}

impl StructWriter<'_> {
    fn write(out: &mut Vec<u8>, write: impl FnOnce(StructWriter<'_>) -> StructWriter<'_>) {
        let end = write(StructWriter { out, step: 1 });
        write_uint(end.out, 0);
    }

    pub(crate) fn absent(self) -> Self {
        Self { step: self.step + 1, ..self }
    }

    pub(crate) fn boolean(self, value: bool) -> Self {
        self.field(value, |out| write_uint(out, 1))
    }

    pub(crate) fn uint(self, value: u64) -> Self {
        self.field(value != 0, |out| write_uint(out, value))
    }

    pub(crate) fn int(self, value: i64) -> Self {
        self.field(value != 0, |out| write_int(out, value))
    }

    pub(crate) fn bytes(self, value: &[u8]) -> Self {
        self.field(!value.is_empty(), |out| write_bytes(out, value))
    }

    pub(crate) fn string(self, value: &str) -> Self {
        self.bytes(value.as_bytes())
    }

    pub(crate) fn strings(self, values: &[String]) -> Self {
        self.field(!values.is_empty(), |out| {
            write_uint(out, values.len() as u64);
            for value in values {
                write_bytes(out, value.as_bytes());
            }
        })
    }

    pub(super) fn structure(
        self,
        write: impl FnOnce(StructWriter<'_>) -> StructWriter<'_>,
    ) -> Self {
        self.field(true, |out| Self::write(out, write))
    }

    fn field_types(self, fields: &[(&str, TypeId)]) -> Self {
        self.field(!fields.is_empty(), |out| {
            write_uint(out, fields.len() as u64);
            for &(name, id) in fields {
                Self::write(out, |field| field.string(name).int(id));
            }
        })
    }

    fn field(self, is_set: bool, write: impl FnOnce(&mut Vec<u8>)) -> Self {
        if !is_set {
            return self.absent();
        }
        write_uint(self.out, self.step);
        write(self.out);
        Self { step: 1, ..self }
    }
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
