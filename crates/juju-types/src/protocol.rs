//! The protocols whose ports can be opened.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::string_conversions;

/// A protocol that a unit can open to the outside.
///
/// It is read in any case, as `open-port` does, and printed in lower case.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the hook tool `open-port` takes these three and no other"
)]
pub enum Protocol {
    /// Control messages, such as ping; it has no ports.
    Icmp,
    /// The default of `open-port`.
    Tcp,
    /// Datagrams.
    Udp,
}

string_conversions!(Protocol);

impl Protocol {
    /// Returns the word that Juju uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Icmp => "icmp",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Protocol {
    type Err = ParseProtocolError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.to_ascii_lowercase().as_str() {
            "icmp" => Ok(Self::Icmp),
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            _ => Err(ParseProtocolError { word: word.to_owned() }),
        }
    }
}

/// The text is no [`Protocol`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid protocol `{word}`: it must be `icmp`, `tcp` or `udp`")]
pub struct ParseProtocolError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::Protocol;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<Protocol>(&["none"]), @"invalid protocol `none`: it must be `icmp`, `tcp` or `udp`");
    }

    #[test]
    fn reads_any_case() {
        assert_eq!("TCP".parse(), Ok(Protocol::Tcp));
    }
}
