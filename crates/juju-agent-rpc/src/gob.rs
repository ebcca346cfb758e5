//! Go's gob encoding, as far as a call to the agent needs it.

mod content;
mod definition;
mod incoming;
mod integer;
mod outgoing;
mod skip;
#[cfg(test)]
pub(crate) mod testing;
mod value;

pub(crate) use definition::{BOOL, BYTES, INT, STRING, UINT};
pub(crate) use incoming::{Incoming, ReadError};
pub(crate) use outgoing::Outgoing;
pub(crate) use value::Value;

/// The number that a sender gives to a type, valid for one direction of one
/// connection.
pub(crate) type TypeId = i64;
