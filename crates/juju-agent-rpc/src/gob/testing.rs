//! Gob that other senders may write and this crate never does.

use super::integer::{write_int, write_uint};
use super::{Incoming, Outgoing, ReadError, TypeId, Value};
use crate::limits::Limits;
use crate::protocol_error::Fault;
use crate::testing::Replay;

impl Outgoing {
    pub(crate) fn define_array(&mut self, id: TypeId, element: TypeId, length: i64) {
        self.message(-id, |wire_type| {
            wire_type.structure(|array| {
                array.structure(|common| common.string("").int(id)).int(element).int(length)
            })
        });
    }

    pub(crate) fn define_map(&mut self, id: TypeId, key: TypeId, element: TypeId) {
        self.message(-id, |wire_type| {
            wire_type.absent().absent().absent().structure(|map| {
                map.structure(|common| common.string("").int(id)).int(key).int(element)
            })
        });
    }

    /// Defines a type that implements Go's `GobEncoder`.
    pub(crate) fn define_self_coded(&mut self, id: TypeId) {
        self.message(-id, |wire_type| {
            wire_type
                .absent()
                .absent()
                .absent()
                .absent()
                .structure(|coded| coded.structure(|common| common.string("").int(id)))
        });
    }

    /// Writes a message whose content need not make sense.
    pub(crate) fn raw(&mut self, id: TypeId, content: &[u8]) {
        self.frame(&[&int(id), content].concat());
    }
}

pub(crate) fn uint(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_uint(&mut bytes, number);
    bytes
}

pub(crate) fn int(number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_int(&mut bytes, number);
    bytes
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [uint(text.len() as u64), text.as_bytes().to_vec()].concat()
}

/// Reads the one value in a stream with `read`.
pub(crate) fn read<T>(
    mut out: Outgoing,
    limits: Limits,
    read: impl FnOnce(Value<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut incoming = Incoming::new(Replay::new(out.take_bytes()), limits);
    let fault = |error| match error {
        ReadError::Fault(fault) => fault,
        ReadError::Io(error) => panic!("{error}"),
    };
    let message = incoming.next().map_err(fault)?.expect("a value follows");
    read(incoming.value(&message)?)
}
