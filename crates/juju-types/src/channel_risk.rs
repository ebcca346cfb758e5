//! The risk of a channel.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// How much a channel dares, in the order of Juju and snapd.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(clippy::exhaustive_enums, reason = "Juju knows these four and no other")]
pub enum ChannelRisk {
    /// For production; the default.
    Stable,
    /// About to become stable.
    Candidate,
    /// For early users.
    Beta,
    /// The latest build.
    Edge,
}

string_conversions!(ChannelRisk);

impl ChannelRisk {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Candidate => "candidate",
            Self::Beta => "beta",
            Self::Edge => "edge",
        }
    }
}

impl fmt::Display for ChannelRisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChannelRisk {
    type Err = ParseChannelRiskError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "stable" => Ok(Self::Stable),
            "candidate" => Ok(Self::Candidate),
            "beta" => Ok(Self::Beta),
            "edge" => Ok(Self::Edge),
            _ => Err(ParseChannelRiskError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`ChannelRisk`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid channel risk `{word}`: it must be `stable`, `candidate`, `beta` or `edge`")]
pub struct ParseChannelRiskError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::ChannelRisk;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<ChannelRisk>(&["risky"]), @"invalid channel risk `risky`: it must be `stable`, `candidate`, `beta` or `edge`");
    }
}
