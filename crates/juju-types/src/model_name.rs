//! The name of a model.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{is_lowercase_or_digit, text_noun};

/// The name of a model without its owner, such as `prod`.
///
/// Lower-case letters, digits and dashes; the first is no dash.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ModelName(String);

text_noun!(ModelName);

impl FromStr for ModelName {
    type Err = ParseModelNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseModelNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`ModelName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid model name `{name}`: {rule}")]
pub struct ParseModelNameError {
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
    if name.starts_with('-') {
        return Err("it must start with a lower-case letter or a digit");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ModelName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "admin/prod", "-prod"];
        insta::assert_snapshot!(refusals::<ModelName>(&texts), @r"
        invalid model name ``: it must not be empty
        invalid model name `admin/prod`: only lower-case letters, digits and dashes are allowed
        invalid model name `-prod`: it must start with a lower-case letter or a digit
        ");
    }
}
