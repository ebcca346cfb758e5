use std::fmt;

use juju_types::{Status, StatusValue};

/// A status as it can be read: a word and a message, which may be empty.
///
/// ```
/// use juju_simulator::StatusText;
///
/// assert_eq!(StatusText::new("blocked", "no database").to_string(), "blocked: no database");
/// assert_eq!(StatusText::new("active", "").to_string(), "active");
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct StatusText {
    /// The word.
    pub value: StatusValue,
    /// What is said to humans.
    pub message: String,
}

impl StatusText {
    /// Says `value` and `message`.
    pub fn new(value: impl Into<StatusValue>, message: impl Into<String>) -> Self {
        Self { value: value.into(), message: message.into() }
    }
}

impl From<Status> for StatusText {
    fn from(status: Status) -> Self {
        Self::new(status.kind(), status.message())
    }
}

impl PartialEq<Status> for StatusText {
    fn eq(&self, status: &Status) -> bool {
        self.value == StatusValue::Set(status.kind()) && self.message == status.message()
    }
}

impl fmt::Display for StatusText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}
