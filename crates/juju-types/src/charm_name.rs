//! The name of a charm.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{check_dashed_name, text_noun};

/// The name of a charm, such as `postgresql-k8s`, as `metadata.yaml` gives it.
///
/// It has the form of an application name, because an application is called
/// after its charm unless told otherwise. (Charmhub's own rule is a little
/// different and also limits the length to 40 characters.)
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct CharmName(String);

text_noun!(CharmName);

impl FromStr for CharmName {
    type Err = ParseCharmNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check_dashed_name(name)
            .map_err(|rule| ParseCharmNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`CharmName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid charm name `{name}`: {rule}")]
pub struct ParseCharmNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::CharmName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<CharmName>(&["app-2"]), @"invalid charm name `app-2`: each part between dashes needs a letter");
    }
}
