//! The statuses that can be read.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::status_kind::StatusKind;

/// A status as Juju reports it, for units, applications and relations: the
/// four that a charm sets, and those that only Juju sets.
///
/// Reading one never fails: newer versions of Juju may have more.
///
/// ```
/// use juju_types::{StatusKind, StatusValue};
///
/// assert_eq!(StatusValue::from("active"), StatusValue::Set(StatusKind::Active));
/// assert_eq!(StatusValue::from("error"), StatusValue::Error);
/// assert_eq!(StatusValue::from("asleep"), StatusValue::Other("asleep".to_owned()));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum StatusValue {
    /// The unit has no machine yet.
    Allocating,
    /// The relation has come to its end.
    Broken,
    /// The unit is going away.
    Dying,
    /// A hook has failed, or the relation could not be made.
    Error,
    /// The relation is established.
    Joined,
    /// The relation is about to be established.
    Joining,
    /// A status that this crate does not know; never one of the others.
    Other(String),
    /// What the charm has set.
    Set(StatusKind),
    /// The relation to another model is suspended.
    Suspended,
    /// The relation to another model is about to be suspended.
    Suspending,
    /// The unit is gone.
    Terminated,
    /// The charm has never set a status.
    Unknown,
    /// The application has no status of its own.
    Unset,
}

impl StatusValue {
    /// Returns the word that Juju uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Allocating => "allocating",
            Self::Broken => "broken",
            Self::Dying => "dying",
            Self::Error => "error",
            Self::Joined => "joined",
            Self::Joining => "joining",
            Self::Other(word) => word,
            Self::Set(kind) => kind.as_str(),
            Self::Suspended => "suspended",
            Self::Suspending => "suspending",
            Self::Terminated => "terminated",
            Self::Unknown => "unknown",
            Self::Unset => "unset",
        }
    }
}

impl fmt::Display for StatusValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for StatusValue {
    fn from(word: &str) -> Self {
        match word {
            "allocating" => Self::Allocating,
            "broken" => Self::Broken,
            "dying" => Self::Dying,
            "error" => Self::Error,
            "joined" => Self::Joined,
            "joining" => Self::Joining,
            "suspended" => Self::Suspended,
            "suspending" => Self::Suspending,
            "terminated" => Self::Terminated,
            "unknown" => Self::Unknown,
            "unset" => Self::Unset,
            _ => match word.parse() {
                Ok(kind) => Self::Set(kind),
                Err(_) => Self::Other(word.to_owned()),
            },
        }
    }
}

impl From<String> for StatusValue {
    fn from(word: String) -> Self {
        word.as_str().into()
    }
}

impl From<StatusKind> for StatusValue {
    fn from(kind: StatusKind) -> Self {
        Self::Set(kind)
    }
}

impl From<StatusValue> for String {
    fn from(value: StatusValue) -> Self {
        value.as_str().to_owned()
    }
}

impl FromStr for StatusValue {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(word.into())
    }
}

#[cfg(test)]
mod tests {
    use super::StatusValue;
    use crate::status_kind::StatusKind;

    #[test]
    fn reads_every_word_back_as_it_was() {
        for word in [
            "active",
            "allocating",
            "broken",
            "dying",
            "error",
            "joined",
            "joining",
            "suspended",
            "suspending",
            "terminated",
            "unknown",
            "unset",
            "waiting",
            "asleep",
            "",
        ] {
            assert_eq!(StatusValue::from(word).to_string(), word);
        }
    }

    #[test]
    fn takes_what_a_charm_may_set() {
        assert_eq!(StatusValue::from("blocked"), StatusValue::from(StatusKind::Blocked));
    }
}
