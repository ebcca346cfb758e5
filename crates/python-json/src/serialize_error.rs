//! Why a value cannot be written.

use std::fmt;

use serde::ser;
use thiserror::Error;

use crate::float::NotFiniteError;
use crate::integer::ParseIntegerError;
use crate::parse::DEPTH_LIMIT;

/// The value has no form in JSON; the message says which part of it, and why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("cannot write JSON{}: {fault}", Place(path))]
pub struct SerializeError {
    /// From the inside out, because an error is on its way out.
    path: Vec<Step>,
    fault: Fault,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Step {
    Index(usize),
    Key(String),
}

/// What is wrong with a value.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub(crate) enum Fault {
    #[error("bytes must be written as text or as a list of numbers")]
    Bytes,
    #[error("{0}")]
    Custom(String),
    #[error("it is nested more than {DEPTH_LIMIT} levels deep")]
    Depth,
    #[error("only text, a number, a bool or nothing can be a key")]
    KeyForm,
    #[error("the keys `{0}` and `{1}` are of two kinds, which have no order")]
    KeyKinds(String, String),
    #[error(transparent)]
    NotFinite(#[from] NotFiniteError),
    #[error(transparent)]
    Integer(#[from] ParseIntegerError),
}

impl From<Fault> for SerializeError {
    fn from(fault: Fault) -> Self {
        Self { path: Vec::new(), fault }
    }
}

impl ser::Error for SerializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Fault::Custom(message.to_string()).into()
    }
}

impl SerializeError {
    /// Notes that the fault lies within the value of a key.
    pub(crate) fn within_key(mut self, key: &str) -> Self {
        self.path.push(Step::Key(key.to_owned()));
        self
    }

    /// Notes that the fault lies within an item of a list.
    pub(crate) fn within_item(mut self, index: usize) -> Self {
        self.path.push(Step::Index(index));
        self
    }
}

/// Says where the fault lies, unless it is the value as a whole.
struct Place<'a>(&'a [Step]);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((outermost, inner)) = self.0.split_last() else { return Ok(()) };
        match outermost {
            Step::Index(index) => write!(f, " at `[{index}]")?,
            Step::Key(key) => write!(f, " at `{key}")?,
        }
        for step in inner.iter().rev() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        f.write_str("`")
    }
}
