//! The name of a network space.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{is_lowercase_or_digit, text_noun};

/// The name of a network space, such as `internal`.
///
/// Subnets are in spaces, and the endpoints of an application are bound to
/// them. What nobody puts elsewhere is in [`alpha`](Self::alpha).
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct SpaceName(String);

text_noun!(SpaceName);

impl SpaceName {
    /// Returns the space that every model has.
    pub fn alpha() -> Self {
        Self("alpha".to_owned())
    }
}

impl FromStr for SpaceName {
    type Err = ParseSpaceNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseSpaceNameError { name: name.to_owned(), rule };
        if name.contains(|c: char| !is_lowercase_or_digit(c) && c != '-') {
            return Err(reject("only lower-case letters, digits and dashes are allowed"));
        }
        if name.split('-').any(str::is_empty) {
            return Err(reject("dashes stand only between letters and digits, one at a time"));
        }
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`SpaceName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid space name `{name}`: {rule}")]
pub struct ParseSpaceNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::SpaceName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<SpaceName>(&["my_space", "a--b", ""]), @r"
        invalid space name `my_space`: only lower-case letters, digits and dashes are allowed
        invalid space name `a--b`: dashes stand only between letters and digits, one at a time
        invalid space name ``: dashes stand only between letters and digits, one at a time
        ");
    }

    #[test]
    fn alpha_is_a_name_like_any_other() {
        assert_eq!("alpha".parse(), Ok(SpaceName::alpha()));
    }
}
