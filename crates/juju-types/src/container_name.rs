//! The name of a workload container.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{check_file_name, text_noun};

/// The name of a workload container in a charm's metadata, such as `web`.
///
/// Juju has no pattern for it; but it names a folder in the charm's container,
/// so it is one component of a path. (Kubernetes wants a DNS label of 63
/// characters at most.)
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ContainerName(String);

text_noun!(ContainerName);

impl FromStr for ContainerName {
    type Err = ParseContainerNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check_file_name(name)
            .map_err(|rule| ParseContainerNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`ContainerName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid container name `{name}`: {rule}")]
pub struct ParseContainerNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::ContainerName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        insta::assert_snapshot!(refusals::<ContainerName>(&["a/b"]), @"invalid container name `a/b`: it must be one component of a path");
    }
}
