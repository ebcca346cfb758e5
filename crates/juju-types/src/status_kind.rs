//! The statuses that a charm may set.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// A status that a charm may set; with a message it is a [`Status`](crate::Status).
///
/// What Juju itself reports besides is in [`StatusValue`](crate::StatusValue).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the hook tool `status-set` takes these four and no other"
)]
pub enum StatusKind {
    /// The unit does its work.
    Active,
    /// The unit waits for a human.
    Blocked,
    /// The unit is busy with itself and comes back.
    Maintenance,
    /// The unit waits for another application or for Juju.
    Waiting,
}

string_conversions!(StatusKind);

impl StatusKind {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Maintenance => "maintenance",
            Self::Waiting => "waiting",
        }
    }
}

impl fmt::Display for StatusKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StatusKind {
    type Err = ParseStatusKindError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "active" => Ok(Self::Active),
            "blocked" => Ok(Self::Blocked),
            "maintenance" => Ok(Self::Maintenance),
            "waiting" => Ok(Self::Waiting),
            _ => Err(ParseStatusKindError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`StatusKind`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid status `{word}`: it must be `active`, `blocked`, `maintenance` or `waiting`")]
pub struct ParseStatusKindError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::StatusKind;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<StatusKind>(&["none"]), @"invalid status `none`: it must be `active`, `blocked`, `maintenance` or `waiting`");
    }
}
