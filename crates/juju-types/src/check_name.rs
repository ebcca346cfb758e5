//! The name of a Pebble check.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::text_noun;

/// The name of a health check in a Pebble layer, such as `http-ready`.
///
/// Pebble has no pattern for it; only empty names and control characters are
/// refused here.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct CheckName(String);

text_noun!(CheckName);

impl FromStr for CheckName {
    type Err = ParseCheckNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseCheckNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`CheckName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid check name `{name}`: {rule}")]
pub struct ParseCheckNameError {
    name: String,
    rule: &'static str,
}

fn check(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("it must not be empty");
    }
    if name.contains(char::is_control) {
        return Err("control characters are not allowed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::CheckName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<CheckName>(&[""]), @"invalid check name ``: it must not be empty");
    }

    #[test]
    fn refuses_control_characters() {
        assert!("a\tb".parse::<CheckName>().is_err());
    }
}
