//! What can be wrong with the bytes of a peer.

use thiserror::Error;

/// The peer sent something that this protocol does not allow, or that passes
/// the [`Limits`](crate::Limits).
///
/// The message says what; it never quotes data, which may be secret.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{fault}")]
pub struct ProtocolError {
    fault: Fault,
}

impl From<Fault> for ProtocolError {
    fn from(fault: Fault) -> Self {
        Self { fault }
    }
}

/// What is wrong with the bytes of a peer.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub(crate) enum Fault {
    #[error("type `{id}` is defined twice")]
    DefinedTwice { id: i64 },
    #[error("the type definitions are longer than the limit of {limit} bytes")]
    DefinitionsLimit { limit: usize },
    #[error("a value is nested more than {limit} levels deep")]
    Depth { limit: usize },
    #[error("a struct type has two fields called `{name}`")]
    DuplicateField { name: String },
    #[error("{count} bytes or elements have to follow where {left} bytes are left")]
    EndsEarly { count: u64, left: usize },
    #[error("exit code {code} does not fit in 32 bits")]
    ExitCode { code: i64 },
    #[error("field number {number} is set in a struct type of {count} fields")]
    FieldNumber { number: u64, count: usize },
    #[error("an integer of {length} bytes is announced, 8 is the most")]
    IntegerLength { length: u8 },
    #[error("interface values are not supported")]
    Interface,
    #[error("{count} strings take more memory than the limit of {limit} bytes")]
    ManyStrings { count: usize, limit: usize },
    #[error("a message of {length} bytes is longer than the limit of {limit} bytes")]
    MessageLimit { length: u64, limit: usize },
    #[error("`{name}` is not text in UTF-8")]
    NotUtf8 { name: String },
    #[error("relation id {id} is neither -1 nor a number of 32 bits")]
    RelationId { id: i64 },
    #[error("the answer is to call {found}, call {expected} is waiting for one")]
    Sequence { expected: u64, found: u64 },
    #[error("the definition of type `{id}` defines nothing")]
    Shapeless { id: i64 },
    #[error("{count} bytes follow the end of a value")]
    Trailing { count: usize },
    #[error("type `{id}` is not defined")]
    Undefined { id: i64 },
    #[error("`{name}` is of type {found}, {expected} belongs there")]
    WrongType { name: String, expected: &'static str, found: &'static str },
}
