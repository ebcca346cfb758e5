//! The channel that a snap follows.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{ParseNameError, text_name};

const RISKS: [&str; 4] = ["stable", "candidate", "beta", "edge"];

/// The channel that a snap follows: a track, a risk and a branch, such as
/// `4.0/stable`, `edge`, `latest` or `latest/stable/ubuntu-24.04`.
///
/// ```
/// use charm_machine::SnapChannel;
///
/// let channel: SnapChannel = "4.0/stable".parse()?;
/// assert_eq!(channel.as_str(), "4.0/stable");
/// assert!("4.0/shaky".parse::<SnapChannel>().is_err());
/// # Ok::<(), charm_machine::ParseNameError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct SnapChannel(String);

text_name!(SnapChannel);

impl SnapChannel {
    /// Returns the channel with the parts that may be left out, as `snap list`
    /// shows it: `latest/edge` for `edge`, `4.0/stable` for `4.0`.
    pub(crate) fn full(&self) -> String {
        let first = self.0.split('/').next().unwrap_or(&self.0);
        if RISKS.contains(&first) {
            format!("latest/{}", self.0)
        } else if self.0.contains('/') {
            self.0.clone()
        } else {
            format!("{}/stable", self.0)
        }
    }
}

impl FromStr for SnapChannel {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| Err(ParseNameError::new("snap channel", text, rule));
        let parts: Vec<&str> = text.split('/').collect();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if parts
            .iter()
            .any(|part| part.is_empty() || !part.chars().all(allowed) || part.starts_with('-'))
        {
            return reject("each part must be letters, digits, `.`, `_` and `-`");
        }
        match parts.as_slice() {
            [_] => Ok(Self(text.to_owned())),
            // A risk may come first only when the track is left out.
            [risk, _] if RISKS.contains(risk) => Ok(Self(text.to_owned())),
            [_, risk] | [_, risk, _] if RISKS.contains(risk) => Ok(Self(text.to_owned())),
            [_, _] | [_, _, _] => {
                reject("the risk must be `stable`, `candidate`, `beta` or `edge`")
            }
            _ => reject("it may have three parts at most: `track/risk/branch`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SnapChannel;

    #[test]
    fn fills_in_what_was_left_out() {
        let full = |text: &str| text.parse::<SnapChannel>().unwrap().full();
        assert_eq!(full("edge"), "latest/edge");
        assert_eq!(full("4.0"), "4.0/stable");
        assert_eq!(full("4.0/beta"), "4.0/beta");
        assert_eq!(full("stable/hotfix"), "latest/stable/hotfix");
        assert_eq!(full("latest/stable/ubuntu-24.04"), "latest/stable/ubuntu-24.04");
    }

    #[test]
    fn says_which_rule_a_channel_breaks() {
        let message = |text: &str| text.parse::<SnapChannel>().unwrap_err().to_string();
        insta::assert_snapshot!(message(""), @"invalid snap channel ``: each part must be letters, digits, `.`, `_` and `-`");
        insta::assert_snapshot!(message("4.0/shaky"), @"invalid snap channel `4.0/shaky`: the risk must be `stable`, `candidate`, `beta` or `edge`");
        insta::assert_snapshot!(message("a/stable/b/c"), @"invalid snap channel `a/stable/b/c`: it may have three parts at most: `track/risk/branch`");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_back_what_was_parsed(text in "[a-z0-9.]{1,9}/(stable|candidate|beta|edge)(/[a-z0-9]{1,9})?") {
            prop_assert_eq!(text.parse::<SnapChannel>().unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = text.parse::<SnapChannel>().map(|channel| channel.full());
        }
    }
}
