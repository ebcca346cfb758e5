//! The name of a host.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The name of a host, such as `ec2-54-1-2-3.compute.amazonaws.com`, which
/// some clouds give in place of an address.
///
/// Only the form is checked that keeps a name apart from a path, a URL or an
/// address with a port.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HostName(String);

impl HostName {
    /// Returns the text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HostName {
    type Err = ParseHostNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseHostNameError { name: name.to_owned(), rule };
        if name.is_empty() {
            return Err(reject("it must not be empty"));
        }
        if let Some(c) =
            name.chars().find(|&c| !c.is_alphanumeric() && !matches!(c, '-' | '.' | '_'))
        {
            return Err(reject(match c {
                ':' => "it must not hold a colon, and it is no IPv6 address",
                _ => "only letters, digits, dashes, dots and underscores are allowed",
            }));
        }
        Ok(Self(name.to_owned()))
    }
}

/// The text is no [`HostName`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid host name `{name}`: {rule}")]
pub struct ParseHostNameError {
    name: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_names_that_clouds_give() {
        for name in ["localhost", "ec2-54-1-2-3.compute.amazonaws.com", "my_host.", "bücher"] {
            assert_eq!(name.parse::<HostName>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn refuses_what_is_more_or_less_than_a_name() {
        #[track_caller]
        fn check(name: &str, message: &str) {
            assert_eq!(name.parse::<HostName>().unwrap_err().to_string(), message);
        }

        check("", "invalid host name ``: it must not be empty");
        check(
            "db:5432",
            "invalid host name `db:5432`: it must not hold a colon, and it is no IPv6 address",
        );
        check(
            "http//db",
            "invalid host name `http//db`: only letters, digits, dashes, dots and underscores are allowed",
        );
    }
}
