//! The name of an endpoint of a charm.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{is_lowercase_or_digit, text_noun};

/// The name of an endpoint in a charm's metadata, such as `db` or `juju-info`.
///
/// It starts with a lower-case letter; after that lower-case letters and
/// digits, with single dashes and underscores between them.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct EndpointName(String);

text_noun!(EndpointName);

impl FromStr for EndpointName {
    type Err = ParseEndpointNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseEndpointNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`EndpointName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid endpoint name `{name}`: {rule}")]
pub struct ParseEndpointNameError {
    name: String,
    rule: &'static str,
}

fn check(name: &str) -> Result<(), &'static str> {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err("it must start with a lower-case letter");
    }
    if name.contains(|c: char| !is_lowercase_or_digit(c) && !is_separator(c)) {
        return Err("only lower-case letters, digits, dashes and underscores are allowed");
    }
    if name.split(is_separator).any(str::is_empty) {
        return Err("dashes and underscores must stand alone between letters or digits");
    }
    Ok(())
}

fn is_separator(c: char) -> bool {
    c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::EndpointName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "2db", "my db", "db--x", "db_"];
        insta::assert_snapshot!(refusals::<EndpointName>(&texts), @r"
        invalid endpoint name ``: it must start with a lower-case letter
        invalid endpoint name `2db`: it must start with a lower-case letter
        invalid endpoint name `my db`: only lower-case letters, digits, dashes and underscores are allowed
        invalid endpoint name `db--x`: dashes and underscores must stand alone between letters or digits
        invalid endpoint name `db_`: dashes and underscores must stand alone between letters or digits
        ");
    }

    #[test]
    fn reads_the_endpoint_that_every_charm_has() {
        assert_eq!("juju-info".parse::<EndpointName>().unwrap().as_str(), "juju-info");
    }
}
