//! Why a text or a value is not the data that it should be.

use serde::de::value;
use thiserror::Error;

use crate::parse::ParseValueError;

/// The text is not JSON, or does not have the form of the type; the message
/// says where and why.
///
/// The message may quote the data. What is wrong with data that may be secret
/// is told by [`path`](Self::path) and [`missing_field`](Self::missing_field),
/// which do not.
///
/// ```
/// #[derive(Debug, serde::Deserialize)]
/// struct Login {
///     user: String,
///     password: String,
/// }
///
/// let wrong = python_json::from_str::<[Login; 1]>(r#"[{"user": "a"}]"#).unwrap_err();
/// assert_eq!(wrong.path(), Some("[0]"));
/// assert_eq!(wrong.missing_field(), Some("password"));
/// ```
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

impl DeserializeError {
    /// Returns the place of what does not fit, such as `jobs[0].port`, or
    /// `None` if it is the whole.
    pub fn path(&self) -> Option<&str> {
        match &self.0 {
            Fault::Part { path, .. } => Some(path),
            Fault::Text(_) | Fault::Whole { .. } => None,
        }
    }

    /// Returns the name of the field that is missing at that place, if that is
    /// what is wrong.
    pub fn missing_field(&self) -> Option<&str> {
        match &self.0 {
            Fault::Part { reason, .. } | Fault::Whole { reason } => {
                // The words of serde; the name is one of the type, not of the data.
                reason.strip_prefix("missing field `")?.strip_suffix('`')
            }
            Fault::Text(_) => None,
        }
    }
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
