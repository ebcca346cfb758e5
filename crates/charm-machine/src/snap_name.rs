//! The name of a snap.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{ParseNameError, text_name};

/// The name of a snap, such as `lxd`, or of one of its parallel instances,
/// such as `lxd_edge`.
///
/// ```
/// use charm_machine::SnapName;
///
/// let name: SnapName = "charmcraft".parse()?;
/// assert_eq!(name.as_str(), "charmcraft");
/// assert!("Charmcraft".parse::<SnapName>().is_err());
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct SnapName(String);

text_name!(SnapName);

impl FromStr for SnapName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| Err(ParseNameError::new("snap name", text, rule));
        let (name, instance) = match text.split_once('_') {
            Some((name, instance)) => (name, Some(instance)),
            None => (text, None),
        };
        if !name.chars().all(|c| is_lowercase_or_digit(c) || c == '-') {
            return reject("only lower-case letters, digits and dashes are allowed");
        }
        if !name.contains(|c: char| c.is_ascii_lowercase()) {
            return reject("it needs a letter");
        }
        if name.split('-').any(str::is_empty) {
            return reject("each dash must stand between letters or digits");
        }
        if name.len() > 40 {
            return reject("it may have 40 characters at most");
        }
        let valid_instance =
            |key: &str| (1..=10).contains(&key.len()) && key.chars().all(is_lowercase_or_digit);
        if instance.is_some_and(|key| !valid_instance(key)) {
            return reject("what follows `_` must be 1 to 10 lower-case letters and digits");
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_lowercase_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SnapName;

    #[test]
    fn says_which_rule_a_name_breaks() {
        let message = |name: &str| name.parse::<SnapName>().unwrap_err().to_string();
        insta::assert_snapshot!(message("LXD"), @"invalid snap name `LXD`: only lower-case letters, digits and dashes are allowed");
        insta::assert_snapshot!(message("42"), @"invalid snap name `42`: it needs a letter");
        insta::assert_snapshot!(message("--classic"), @"invalid snap name `--classic`: each dash must stand between letters or digits");
        insta::assert_snapshot!(message("lxd_"), @"invalid snap name `lxd_`: what follows `_` must be 1 to 10 lower-case letters and digits");
        assert!(message(&"a".repeat(41)).ends_with("it may have 40 characters at most"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(name in "[a-z]{1,10}(-[a-z0-9]{1,9}){0,3}(_[a-z0-9]{1,10})?") {
            prop_assert_eq!(name.parse::<SnapName>().unwrap().to_string(), name);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<SnapName>();
        }
    }
}
