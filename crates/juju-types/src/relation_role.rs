//! The role of an endpoint in a relation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// Which side of a relation an endpoint takes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these three and no other")]
pub enum RelationRole {
    /// Every unit of the application with every other one.
    Peer,
    /// The side that `provides` in the metadata.
    Provider,
    /// The side that `requires` in the metadata.
    Requirer,
}

string_conversions!(RelationRole);

impl RelationRole {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Provider => "provider",
            Self::Requirer => "requirer",
        }
    }
}

impl fmt::Display for RelationRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RelationRole {
    type Err = ParseRelationRoleError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "peer" => Ok(Self::Peer),
            "provider" => Ok(Self::Provider),
            "requirer" => Ok(Self::Requirer),
            _ => Err(ParseRelationRoleError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`RelationRole`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid relation role `{word}`: it must be `peer`, `provider` or `requirer`")]
pub struct ParseRelationRoleError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::RelationRole;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<RelationRole>(&["none"]), @"invalid relation role `none`: it must be `peer`, `provider` or `requirer`");
    }
}
