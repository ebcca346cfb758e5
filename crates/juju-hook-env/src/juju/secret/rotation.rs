//! How often a secret is to change.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How often Juju asks the owner of a secret, with the hook `secret-rotate`,
/// to change its content.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RotationPolicy {
    /// Not at all.
    Never,
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every year.
    Yearly,
}

impl RotationPolicy {
    const ALL: [Self; 7] = [
        Self::Never,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Yearly,
    ];

    /// Returns Juju's word for the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }
}

impl fmt::Display for RotationPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RotationPolicy {
    type Err = ParseRotationPolicyError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let policy = Self::ALL.into_iter().find(|policy| policy.as_str() == word);
        policy.ok_or_else(|| ParseRotationPolicyError { word: word.to_owned() })
    }
}

/// The text is no [`RotationPolicy`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid rotation policy `{word}`: it must be `never`, `hourly`, `daily`, `weekly`, \
     `monthly`, `quarterly` or `yearly`"
)]
pub struct ParseRotationPolicyError {
    word: String,
}

#[cfg(test)]
mod tests {
    use super::RotationPolicy;

    #[test]
    fn every_policy_is_found_by_its_word() {
        for policy in RotationPolicy::ALL {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
    }

    #[test]
    fn says_what_it_could_be() {
        insta::assert_snapshot!(
            "sometimes".parse::<RotationPolicy>().unwrap_err(),
            @"invalid rotation policy `sometimes`: it must be `never`, `hourly`, `daily`, `weekly`, `monthly`, `quarterly` or `yearly`"
        );
    }
}
