//! Why a text or a value is not the data that it should be.

use serde::de::value;
use thiserror::Error;

use crate::parse::ParseValueError;

/// The text is not JSON, or does not have the form of the type; the message
/// says where and why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(transparent)]
pub struct DeserializeError(Fault);

#[derive(Clone, Debug, Eq, Error, PartialEq)]
enum Fault {
    #[error(transparent)]
    Text(ParseValueError),
    #[error("{reason}")]
    Whole { reason: String },
    #[error("invalid JSON at `{path}`: {reason}")]
    Part { path: String, reason: String },
}

impl From<ParseValueError> for DeserializeError {
    fn from(error: ParseValueError) -> Self {
        Self(Fault::Text(error))
    }
}

impl From<serde_path_to_error::Error<value::Error>> for DeserializeError {
    fn from(error: serde_path_to_error::Error<value::Error>) -> Self {
        let reason = error.inner().to_string();
        Self(if error.path().iter().len() == 0 {
            Fault::Whole { reason }
        } else {
            Fault::Part { path: error.path().to_string(), reason }
        })
    }
}
