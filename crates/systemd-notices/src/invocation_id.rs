//! The id of one run of a unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{shown, string_conversions};

/// The id that systemd gives each run of a unit, 32 hexadecimal digits. Two
/// starts of a unit never have the same.
///
/// `journalctl _SYSTEMD_INVOCATION_ID=…` shows what was logged in that run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct InvocationId(u128);

string_conversions!(InvocationId);

impl InvocationId {
    /// Reads the property `InvocationID`, which is empty or zero for a unit
    /// that has never run.
    pub fn from_property(bytes: &[u8]) -> Option<Self> {
        let id = u128::from_be_bytes(bytes.try_into().ok()?);
        (id != 0).then_some(Self(id))
    }
}

impl fmt::Display for InvocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for InvocationId {
    type Err = ParseInvocationIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = u128::from_str_radix(text, 16).ok().map(Self);
        // The comparison refuses what the standard library allows besides: a
        // sign, upper-case letters, fewer digits.
        id.filter(|id| id.0 != 0 && id.to_string() == text)
            .ok_or_else(|| ParseInvocationIdError(shown(text)))
    }
}

/// The text is no [`InvocationId`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid invocation id `{0}`: it must be 32 lower-case hexadecimal digits, not all of them 0"
)]
pub struct ParseInvocationIdError(String);

#[cfg(test)]
mod tests {
    use super::InvocationId;

    const TEXT: &str = "00f1e2d3c4b5a69788796a5b4c3d2e1f";

    #[test]
    fn reads_what_it_prints_and_quotes_the_rest() {
        let id: InvocationId = TEXT.parse().unwrap();
        assert_eq!(id.to_string(), TEXT);
        let upper = TEXT.to_uppercase();
        let zero = "0".repeat(32);
        for text in ["", "1", &upper, &zero, &TEXT[1..], "+0f1e2d3c4b5a69788796a5b4c3d2e1f"] {
            assert!(text.parse::<InvocationId>().is_err(), "{text}");
        }
        insta::assert_snapshot!("x".parse::<InvocationId>().unwrap_err(), @"invalid invocation id `x`: it must be 32 lower-case hexadecimal digits, not all of them 0");
    }

    #[test]
    fn reads_the_property() {
        assert_eq!(InvocationId::from_property(&[]), None);
        assert_eq!(InvocationId::from_property(&[0; 16]), None);
        assert_eq!(InvocationId::from_property(&[1; 17]), None);
        let id = InvocationId::from_property(&[1; 16]).unwrap();
        assert_eq!(id.to_string(), "01".repeat(16));
    }
}
