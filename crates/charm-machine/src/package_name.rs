//! The name of a Debian package.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{ParseNameError, text_name};

/// The name of a Debian package, such as `prometheus-node-exporter` or `g++`.
///
/// It follows [Debian policy], and does not end in a dash, which apt would
/// read as a wish to remove the package. Versions and architectures are not
/// part of a name.
///
/// ```
/// use charm_machine::PackageName;
///
/// let name: PackageName = "g++".parse()?;
/// assert_eq!(name.as_str(), "g++");
/// assert!("nginx=1.24".parse::<PackageName>().is_err());
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
///
/// [Debian policy]: https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct PackageName(String);

text_name!(PackageName);

impl FromStr for PackageName {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| Err(ParseNameError::new("package name", name, rule));
        let lowercase_or_digit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if !name.starts_with(lowercase_or_digit) {
            return reject("it must start with a lower-case letter or a digit");
        }
        if !name.chars().all(|c| lowercase_or_digit(c) || matches!(c, '+' | '-' | '.')) {
            return reject("only lower-case letters, digits, `+`, `-` and `.` are allowed");
        }
        if name.len() < 2 {
            return reject("it must have two characters at least");
        }
        if name.ends_with('-') {
            return reject("it must not end in a dash");
        }
        Ok(Self(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PackageName;

    #[test]
    fn says_which_rule_a_name_breaks() {
        let message = |name: &str| name.parse::<PackageName>().unwrap_err().to_string();
        insta::assert_snapshot!(message("--purge"), @"invalid package name `--purge`: it must start with a lower-case letter or a digit");
        insta::assert_snapshot!(message("nginx=1.24"), @"invalid package name `nginx=1.24`: only lower-case letters, digits, `+`, `-` and `.` are allowed");
        insta::assert_snapshot!(message("r"), @"invalid package name `r`: it must have two characters at least");
        insta::assert_snapshot!(message("bash-"), @"invalid package name `bash-`: it must not end in a dash");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(name in "[a-z0-9][a-z0-9.+-]{0,20}[a-z0-9+.]") {
            prop_assert_eq!(name.parse::<PackageName>().unwrap().to_string(), name);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<PackageName>();
        }
    }
}
