//! The scope of a relation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// Which units of the two applications see each other in a relation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these two and no other")]
pub enum RelationScope {
    /// Only a subordinate unit and its principal on the same machine.
    Container,
    /// Every unit and every other one; the default.
    Global,
}

string_conversions!(RelationScope);

impl RelationScope {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Global => "global",
        }
    }
}

impl fmt::Display for RelationScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RelationScope {
    type Err = ParseRelationScopeError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "container" => Ok(Self::Container),
            "global" => Ok(Self::Global),
            _ => Err(ParseRelationScopeError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`RelationScope`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid relation scope `{word}`: it must be `container` or `global`")]
pub struct ParseRelationScopeError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::RelationScope;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<RelationScope>(&["none"]), @"invalid relation scope `none`: it must be `container` or `global`");
    }
}
