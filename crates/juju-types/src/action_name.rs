//! The name of an action.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{is_lowercase_or_digit, text_noun};

/// The name of an action, such as `get-password`.
///
/// Lower-case letters, digits and dashes; the first and the last are no dash.
/// The names that Juju keeps for itself, such as `juju-exec`, are valid: a
/// charm sees them when a client runs `juju exec`. (Its own actions must not be
/// called `juju`, nor start with `juju-`.)
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ActionName(String);

text_noun!(ActionName);

impl FromStr for ActionName {
    type Err = ParseActionNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseActionNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`ActionName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid action name `{name}`: {rule}")]
pub struct ParseActionNameError {
    name: String,
    rule: &'static str,
}

fn check(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("it must not be empty");
    }
    if name.contains(|c: char| !is_lowercase_or_digit(c) && c != '-') {
        return Err("only lower-case letters, digits and dashes are allowed");
    }
    if name.starts_with('-') || name.ends_with('-') {
        return Err("it must start and end with a lower-case letter or a digit");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ActionName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "Backup", "-backup", "backup-"];
        insta::assert_snapshot!(refusals::<ActionName>(&texts), @r"
        invalid action name ``: it must not be empty
        invalid action name `Backup`: only lower-case letters, digits and dashes are allowed
        invalid action name `-backup`: it must start and end with a lower-case letter or a digit
        invalid action name `backup-`: it must start and end with a lower-case letter or a digit
        ");
    }

    #[test]
    fn reads_the_actions_of_juju_itself() {
        assert_eq!("juju-exec".parse::<ActionName>().unwrap().as_str(), "juju-exec");
    }
}
