//! The name of an interface.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::text_noun;

/// The name of an interface, such as `mysql_client`: what both ends of a
/// relation have agreed to speak.
///
/// Juju has no pattern for it; only empty names, white space and control
/// characters are refused here.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct InterfaceName(String);

text_noun!(InterfaceName);

impl FromStr for InterfaceName {
    type Err = ParseInterfaceNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check(name).map_err(|rule| ParseInterfaceNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`InterfaceName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid interface name `{name}`: {rule}")]
pub struct ParseInterfaceNameError {
    name: String,
    rule: &'static str,
}

fn check(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("it must not be empty");
    }
    if name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("white space and control characters are not allowed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::InterfaceName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "my sql"];
        insta::assert_snapshot!(refusals::<InterfaceName>(&texts), @r"
        invalid interface name ``: it must not be empty
        invalid interface name `my sql`: white space and control characters are not allowed
        ");
    }
}
