//! A word of systemd's that may be new to us.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{shown, string_conversions};

/// A word of systemd's vocabulary, such as the sub-state `auto-restart` or the
/// result `oom-kill`: 1 to 64 lower-case letters, digits and dashes.
///
/// Each type of unit has words of its own, and new versions of systemd bring
/// new ones; so they are not listed here.
///
/// ```
/// use systemd_notices::Word;
///
/// let result: Word = "oom-kill".parse()?;
/// assert_eq!(result.as_str(), "oom-kill");
/// # Ok::<(), systemd_notices::ParseWordError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Word(String);

string_conversions!(Word);

impl Word {
    /// Returns the text of the word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Word {
    type Err = ParseWordError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(ParseWordError(shown(text)))
    }
}

/// The text is no [`Word`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid word `{0}`: it must be 1 to 64 lower-case letters, digits and dashes")]
pub struct ParseWordError(String);

/// The most characters of a word; the longest of systemd 252 has 21.
const LONGEST: usize = 64;
