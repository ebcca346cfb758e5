//! The status of a unit or application, as its charm sets it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::status_kind::StatusKind;
use crate::text::string_conversions;

/// What a charm says about its unit or application: one of four words, and a
/// message for humans that may be empty.
///
/// As text it is `KIND: MESSAGE`, or only `KIND` without a message.
///
/// ```
/// use juju_types::Status;
///
/// let status = Status::blocked("no database");
/// assert_eq!(status.to_string(), "blocked: no database");
/// assert_eq!(Status::active(), "active".parse()?);
/// # Ok::<(), juju_types::ParseStatusError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Status {
    kind: StatusKind,
    message: String,
}

string_conversions!(Status);

impl Status {
    /// Says `kind` and `message`.
    pub fn new(kind: StatusKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Says that the unit does its work. There is no more to say then; a
    /// message would go through [`Status::new`].
    pub fn active() -> Self {
        Self::new(StatusKind::Active, "")
    }

    /// Says that a human must do something, and what.
    pub fn blocked(message: impl Into<String>) -> Self {
        Self::new(StatusKind::Blocked, message)
    }

    /// Says that the unit is busy with itself, and with what.
    pub fn maintenance(message: impl Into<String>) -> Self {
        Self::new(StatusKind::Maintenance, message)
    }

    /// Says that the unit waits for another application or for Juju.
    pub fn waiting(message: impl Into<String>) -> Self {
        Self::new(StatusKind::Waiting, message)
    }

    /// Returns the word without the message.
    pub fn kind(&self) -> StatusKind {
        self.kind
    }

    /// Returns the message, which may be empty.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl FromStr for Status {
    type Err = ParseStatusError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, message) = text.split_once(": ").unwrap_or((text, ""));
        let kind = kind.parse().map_err(|_| ParseStatusError { text: text.to_owned() })?;
        Ok(Self::new(kind, message))
    }
}

/// The text is no [`Status`]; the message quotes it and says what it should look like.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid status `{text}`: it must be `active`, `blocked`, `maintenance` or `waiting`, \
     and `: MESSAGE` if there is one"
)]
pub struct ParseStatusError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::Status;
    use crate::status_kind::StatusKind;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<Status>(&["error: it failed"]), @"invalid status `error: it failed`: it must be `active`, `blocked`, `maintenance` or `waiting`, and `: MESSAGE` if there is one");
    }

    #[test]
    fn prints_the_message_only_if_there_is_one() {
        let statuses = [
            Status::active(),
            Status::blocked("no database"),
            Status::maintenance("installing"),
            Status::waiting("for: db"),
        ];
        insta::assert_snapshot!(statuses.map(|status| status.to_string()).join("\n"), @r"
        active
        blocked: no database
        maintenance: installing
        waiting: for: db
        ");
    }

    #[test]
    fn splits_at_the_first_colon_only() {
        let status: Status = "waiting: for: db".parse().unwrap();
        assert_eq!(status.kind(), StatusKind::Waiting);
        assert_eq!(status.message(), "for: db");
    }
}
