//! The channel of a base.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::channel_risk::ChannelRisk;
use crate::text::{compare_by_key, string_conversions};

/// The channel of a base: a track such as `24.04`, then perhaps a risk
/// (`24.04/stable`), then perhaps a branch (`24.04/edge/fix`).
///
/// No risk means stable: `24.04` and `24.04/stable` are equal.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct BaseChannel {
    track: String,
    // Kept apart from its default, so that `Display` gives back what was parsed.
    risk: Option<ChannelRisk>,
    branch: Option<String>,
}

compare_by_key!(BaseChannel);
string_conversions!(BaseChannel);

impl BaseChannel {
    /// Returns the track: the version of the operating system.
    pub fn track(&self) -> &str {
        &self.track
    }

    /// Returns the risk, stable if the channel does not name one.
    pub fn risk(&self) -> ChannelRisk {
        self.risk.unwrap_or(ChannelRisk::Stable)
    }

    /// Returns the branch, if the channel names one.
    pub fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }

    fn key(&self) -> (&str, ChannelRisk, Option<&str>) {
        (self.track(), self.risk(), self.branch())
    }
}

impl fmt::Display for BaseChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.track)?;
        if let Some(risk) = self.risk {
            write!(f, "/{risk}")?;
        }
        if let Some(branch) = &self.branch {
            write!(f, "/{branch}")?;
        }
        Ok(())
    }
}

impl FromStr for BaseChannel {
    type Err = ParseBaseChannelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseBaseChannelError { text: text.to_owned(), rule };

        let mut parts = text.split('/');
        let track = parts.next().unwrap_or_default();
        if !is_word(track) {
            return Err(reject("it must start with a track of letters, digits, `.`, `_` and `-`"));
        }
        let risk =
            match parts.next() {
                Some(risk) => Some(risk.parse().map_err(|_| {
                    reject("the risk must be `stable`, `candidate`, `beta` or `edge`")
                })?),
                None => None,
            };
        let branch = parts.next();
        if branch.is_some_and(|branch| !is_word(branch)) {
            return Err(reject("a branch consists of letters, digits, `.`, `_` and `-`"));
        }
        if parts.next().is_some() {
            return Err(reject("it must be `TRACK`, `TRACK/RISK` or `TRACK/RISK/BRANCH`"));
        }
        Ok(Self { track: track.to_owned(), risk, branch: branch.map(str::to_owned) })
    }
}

/// The text is no [`BaseChannel`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid base channel `{text}`: {rule}")]
pub struct ParseBaseChannelError {
    text: String,
    rule: &'static str,
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::BaseChannel;
    use crate::channel_risk::ChannelRisk;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "24.04/", "24.04/edge/", "24.04/edge/a/b"];
        insta::assert_snapshot!(refusals::<BaseChannel>(&texts), @r"
        invalid base channel ``: it must start with a track of letters, digits, `.`, `_` and `-`
        invalid base channel `24.04/`: the risk must be `stable`, `candidate`, `beta` or `edge`
        invalid base channel `24.04/edge/`: a branch consists of letters, digits, `.`, `_` and `-`
        invalid base channel `24.04/edge/a/b`: it must be `TRACK`, `TRACK/RISK` or `TRACK/RISK/BRANCH`
        ");
    }

    #[test]
    fn is_stable_unless_it_says_otherwise() {
        let channel = |text: &str| text.parse::<BaseChannel>().unwrap();
        assert_eq!(channel("24.04"), channel("24.04/stable"));
        assert_ne!(channel("24.04"), channel("24.04/edge"));
        assert_ne!(channel("24.04/edge"), channel("24.04/edge/fix"));
        assert_eq!(channel("24.04").risk(), ChannelRisk::Stable);
        assert_eq!(channel("24.04/edge/fix").branch(), Some("fix"));
    }
}
