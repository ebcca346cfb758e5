//! The name of a user or of a group.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{ParseNameError, text_name};

/// The name of a user or of a group, such as `prometheus` or `Debian-exim`.
///
/// At most 32 letters, digits, `.`, `_` and `-`, the first of them a letter or
/// `_`: what every tool that reads `/etc/passwd` understands.
///
/// ```
/// use charm_machine::AccountName;
///
/// let name: AccountName = "prometheus".parse()?;
/// assert_eq!(name.as_str(), "prometheus");
/// assert!("prometheus:x".parse::<AccountName>().is_err());
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct AccountName(String);

text_name!(AccountName);

impl FromStr for AccountName {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let reject = |rule| Err(ParseNameError::new("user or group name", name, rule));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return reject("it must start with a letter or `_`");
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')) {
            return reject("only letters, digits, `.`, `_` and `-` are allowed");
        }
        if name.len() > 32 {
            return reject("it may have 32 characters at most");
        }
        Ok(Self(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::AccountName;

    #[test]
    fn accepts_the_names_that_debian_uses() {
        for name in ["root", "_apt", "systemd-network", "Debian-exim", "snap_daemon", "www-data"] {
            assert_eq!(name.parse::<AccountName>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn says_which_rule_a_name_breaks() {
        let message = |name: &str| name.parse::<AccountName>().unwrap_err().to_string();
        insta::assert_snapshot!(message("1a"), @"invalid user or group name `1a`: it must start with a letter or `_`");
        insta::assert_snapshot!(message("a:b"), @"invalid user or group name `a:b`: only letters, digits, `.`, `_` and `-` are allowed");
        assert!(message(&"a".repeat(33)).ends_with("it may have 32 characters at most"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(name in "[A-Za-z_][A-Za-z0-9._-]{0,31}") {
            prop_assert_eq!(name.parse::<AccountName>().unwrap().to_string(), name);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<AccountName>();
        }
    }
}
