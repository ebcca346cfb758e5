//! The name of an application.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{check_dashed_name, text_noun};

/// The name of an application, such as `postgresql` or `my-web2`.
///
/// Parts between dashes hold lower-case letters and digits, at least one
/// letter each, and the first starts with a letter. The names that Juju makes
/// up for applications of other models, `remote-` and 32 hexadecimal digits,
/// have this form too.
///
/// ```
/// use juju_types::ApplicationName;
///
/// let name: ApplicationName = "postgresql".parse()?;
/// assert_eq!(name.as_str(), "postgresql");
/// assert!("app-2".parse::<ApplicationName>().is_err());
/// # Ok::<(), juju_types::ParseApplicationNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct ApplicationName(String);

text_noun!(ApplicationName);

impl FromStr for ApplicationName {
    type Err = ParseApplicationNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        check_dashed_name(name)
            .map_err(|rule| ParseApplicationNameError { name: name.to_owned(), rule })?;
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`ApplicationName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid application name `{name}`: {rule}")]
pub struct ParseApplicationNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::ApplicationName;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "Postgres", "my_app", "app-2", "app-"];
        insta::assert_snapshot!(refusals::<ApplicationName>(&texts), @r"
        invalid application name ``: it must start with a lower-case letter
        invalid application name `Postgres`: it must start with a lower-case letter
        invalid application name `my_app`: only lower-case letters, digits and dashes are allowed
        invalid application name `app-2`: each part between dashes needs a letter
        invalid application name `app-`: each part between dashes needs a letter
        ");
    }

    #[test]
    fn reads_the_names_that_juju_makes_up() {
        for name in ["remote-0123456789abcdef0123456789abcdef", "juju-controller"] {
            assert_eq!(name.parse::<ApplicationName>().unwrap().as_str(), name);
        }
    }
}
