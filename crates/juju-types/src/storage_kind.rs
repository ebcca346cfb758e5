//! The kind of a storage.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// What the charm gets of a storage.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these and no other")]
pub enum StorageKind {
    /// A block device.
    Block,
    /// A mounted file system.
    Filesystem,
    /// What Juju says when it cannot tell.
    Unknown,
}

string_conversions!(StorageKind);

impl StorageKind {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Filesystem => "filesystem",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for StorageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StorageKind {
    type Err = ParseStorageKindError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "block" => Ok(Self::Block),
            "filesystem" => Ok(Self::Filesystem),
            "unknown" => Ok(Self::Unknown),
            _ => Err(ParseStorageKindError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`StorageKind`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid storage kind `{word}`: it must be `block`, `filesystem` or `unknown`")]
pub struct ParseStorageKindError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::StorageKind;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<StorageKind>(&["none"]), @"invalid storage kind `none`: it must be `block`, `filesystem` or `unknown`");
    }
}
