//! The user and the group that own a file or folder.

use std::fmt;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account_name::AccountName;
use crate::name::ParseNameError;

/// The user and the group that own a file or folder, written `user:group`.
///
/// ```
/// use charm_machine::Owner;
///
/// let owner: Owner = "root:prometheus".parse()?;
/// assert_eq!(owner.group().as_str(), "prometheus");
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Owner {
    user: AccountName,
    group: AccountName,
}

impl Owner {
    /// Makes an owner from its two names.
    pub fn new(user: AccountName, group: AccountName) -> Self {
        Self { user, group }
    }

    /// Returns the user.
    pub fn user(&self) -> &AccountName {
        &self.user
    }

    /// Returns the group.
    pub fn group(&self) -> &AccountName {
        &self.group
    }
}

impl Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.user, self.group)
    }
}

impl FromStr for Owner {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (user, group) = text
            .split_once(':')
            .ok_or_else(|| ParseNameError::new("owner", text, "it must be written `user:group`"))?;
        Ok(Self { user: user.parse()?, group: group.parse()? })
    }
}

impl From<Owner> for String {
    fn from(owner: Owner) -> Self {
        owner.to_string()
    }
}

impl TryFrom<String> for Owner {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Owner;

    #[test]
    fn says_what_is_wrong() {
        let message = |text: &str| text.parse::<Owner>().unwrap_err().to_string();
        insta::assert_snapshot!(message("root"), @"invalid owner `root`: it must be written `user:group`");
        insta::assert_snapshot!(message("root:"), @"invalid user or group name ``: it must start with a letter or `_`");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(text in "[a-z_][a-z0-9-]{0,31}:[a-z_][a-z0-9-]{0,31}") {
            prop_assert_eq!(text.parse::<Owner>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<Owner>();
        }
    }
}
