//! The name of a resource of a charm.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{check_file_name, text_noun};

/// The name of a resource in a charm's metadata, such as `site-theme`.
///
/// Juju has no pattern for it; but it names a folder on the unit, so it is one
/// component of a path.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ResourceName(String);

text_noun!(ResourceName);

impl FromStr for ResourceName {
    type Err = ParseResourceNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check_file_name(name)
            .map_err(|rule| ParseResourceNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`ResourceName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid resource name `{name}`: {rule}")]
pub struct ParseResourceNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::ResourceName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "..", "a/b"];
        insta::assert_snapshot!(refusals::<ResourceName>(&texts), @r"
        invalid resource name ``: it must not be empty
        invalid resource name `..`: it must be one component of a path
        invalid resource name `a/b`: it must be one component of a path
        ");
    }

    #[test]
    fn refuses_control_characters() {
        assert!("a\tb".parse::<ResourceName>().is_err());
    }
}
