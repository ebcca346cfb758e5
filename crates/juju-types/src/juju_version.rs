//! A version of Juju, and what one can ask of it.

mod features;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{parse_number, string_conversions};

/// The version of a Juju agent, such as `3.6.28` or `4.1-beta2.1`.
///
/// Versions are ordered in time: `4.0-beta1`, `4.0-rc1`, `4.0.0`, `4.0.0.1`,
/// `4.0.1`. Instead of comparing numbers, ask for the feature: each question
/// says what depends on it.
///
/// ```
/// use juju_types::JujuVersion;
///
/// let version: JujuVersion = "3.6.28".parse()?;
/// assert!(version.has_secrets());
/// assert!(!version.has_tracing());
/// # Ok::<(), juju_types::ParseJujuVersionError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct JujuVersion {
    // The order of the fields is the order of versions.
    major: u32,
    minor: u32,
    stage: Stage,
    patch: u32,
    build: u32,
}

string_conversions!(JujuVersion);

impl JujuVersion {
    /// Names the release `major.minor.patch`.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, stage: Stage::Release, patch, build: 0 }
    }

    /// Returns the first number.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Returns the second number.
    pub fn minor(&self) -> u32 {
        self.minor
    }

    /// Returns the third number; in a pre-release the one after its tag.
    pub fn patch(&self) -> u32 {
        self.patch
    }

    /// Returns the tag of a pre-release, such as `beta` or `rc`.
    pub fn pre_release(&self) -> Option<&str> {
        match &self.stage {
            Stage::PreRelease(tag) => Some(tag),
            Stage::Release => None,
        }
    }

    /// Returns the fourth number, which builds between two releases have; else 0.
    pub fn build(&self) -> u32 {
        self.build
    }
}

impl fmt::Display for JujuVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, stage, patch, build } = self;
        match stage {
            Stage::PreRelease(tag) => write!(f, "{major}.{minor}-{tag}{patch}")?,
            Stage::Release => write!(f, "{major}.{minor}.{patch}")?,
        }
        if *build > 0 {
            write!(f, ".{build}")?;
        }
        Ok(())
    }
}

impl FromStr for JujuVersion {
    type Err = ParseJujuVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseJujuVersionError { text: text.to_owned() })
    }
}

/// The text is no [`JujuVersion`]; the message quotes it and says what it should look like.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid juju version `{text}`: it must look like `3.6.28` or `4.1-beta2`, \
     with a fourth number `.1` at most"
)]
pub struct ParseJujuVersionError {
    text: String,
}

/// Where a build stands before or at its release. The variants are in the order of time.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Stage {
    /// The tag; the known ones, `alpha`, `beta` and `rc`, are in the order of text.
    PreRelease(String),
    Release,
}

fn parse(text: &str) -> Option<JujuVersion> {
    let (major, rest) = text.split_once('.')?;
    let end_of_minor = rest.find(['.', '-'])?;
    let (minor, rest) = rest.split_at(end_of_minor);
    let (stage, rest) = match rest.strip_prefix('-') {
        Some(rest) => {
            let end_of_tag = rest.find(|c: char| !c.is_ascii_lowercase())?;
            let (tag, rest) = rest.split_at(end_of_tag);
            if tag.is_empty() {
                return None;
            }
            (Stage::PreRelease(tag.to_owned()), rest)
        }
        None => (Stage::Release, rest.strip_prefix('.')?),
    };
    let (patch, build) = match rest.split_once('.') {
        Some((patch, build)) => (patch, parse_number(build)?),
        None => (rest, 0),
    };
    Some(JujuVersion {
        major: parse_number(major)?,
        minor: parse_number(minor)?,
        stage,
        patch: parse_number(patch)?,
        build,
    })
}

#[cfg(test)]
mod tests {
    use super::JujuVersion;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["3.6", "3.6.28-x"];
        insta::assert_snapshot!(refusals::<JujuVersion>(&texts), @r"
        invalid juju version `3.6`: it must look like `3.6.28` or `4.1-beta2`, with a fourth number `.1` at most
        invalid juju version `3.6.28-x`: it must look like `3.6.28` or `4.1-beta2`, with a fourth number `.1` at most
        ");
    }

    #[test]
    fn refuses_what_juju_never_writes() {
        for text in ["", "3", "3.6.", "3.06.1", "3.6-1", "3.6-rc", "3.6.1.2.3", "v3.6.1", "3.6-RC1"]
        {
            assert!(text.parse::<JujuVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn takes_a_version_apart() {
        let version: JujuVersion = "4.1-beta2.3".parse().unwrap();
        assert_eq!((version.major(), version.minor(), version.patch()), (4, 1, 2));
        assert_eq!(version.pre_release(), Some("beta"));
        assert_eq!(version.build(), 3);
        assert_eq!(JujuVersion::new(3, 6, 28), "3.6.28.0".parse().unwrap());
    }

    #[test]
    fn orders_in_time() {
        let versions = [
            "2.9.52",
            "3.6.9",
            "3.6.28",
            "4.0-alpha1",
            "4.0-beta1",
            "4.0-beta10",
            "4.0-rc1",
            "4.0.0",
            "4.0.0.1",
            "4.0.1",
            "4.1-beta2",
            "4.1-beta2.1",
        ];
        let parsed = versions.map(|text| text.parse::<JujuVersion>().unwrap());
        assert!(parsed.is_sorted());
        assert_eq!(parsed.map(|version| version.to_string()), versions);
    }
}
