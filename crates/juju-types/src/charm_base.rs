//! The operating system that a charm runs on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::base_channel::BaseChannel;
use crate::text::{is_lowercase_or_digit, string_conversions};

/// The operating system that a charm runs on, such as `ubuntu@24.04`.
///
/// ```
/// use juju_types::CharmBase;
///
/// let base: CharmBase = "ubuntu@24.04".parse()?;
/// assert_eq!(base.name(), "ubuntu");
/// assert_eq!(base.channel().track(), "24.04");
/// assert_eq!(base, "ubuntu@24.04/stable".parse()?);
/// # Ok::<(), juju_types::ParseCharmBaseError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct CharmBase {
    name: String,
    channel: BaseChannel,
}

string_conversions!(CharmBase);

impl CharmBase {
    /// Returns the name of the operating system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its release.
    pub fn channel(&self) -> &BaseChannel {
        &self.channel
    }
}

impl fmt::Display for CharmBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.channel)
    }
}

impl FromStr for CharmBase {
    type Err = ParseCharmBaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseCharmBaseError { text: text.to_owned(), rule };
        let (name, channel) =
            text.split_once('@').ok_or_else(|| reject("it must be `NAME@CHANNEL`"))?;
        if name.is_empty() || name.contains(|c: char| !is_lowercase_or_digit(c)) {
            return Err(reject("a name of lower-case letters and digits must stand before `@`"));
        }
        let channel = channel
            .parse()
            .map_err(|_| reject("a channel, `TRACK[/RISK[/BRANCH]]`, must stand after `@`"))?;
        Ok(Self { name: name.to_owned(), channel })
    }
}

/// The text is no [`CharmBase`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid base `{text}`: {rule}")]
pub struct ParseCharmBaseError {
    text: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::CharmBase;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["ubuntu", "@24.04", "ubuntu@24.04/risky"];
        insta::assert_snapshot!(refusals::<CharmBase>(&texts), @r"
        invalid base `ubuntu`: it must be `NAME@CHANNEL`
        invalid base `@24.04`: a name of lower-case letters and digits must stand before `@`
        invalid base `ubuntu@24.04/risky`: a channel, `TRACK[/RISK[/BRANCH]]`, must stand after `@`
        ");
    }
}
