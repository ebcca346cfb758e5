//! The mode of a file or folder.

use std::fmt;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The mode of a file or folder: who may read, write and execute it.
///
/// ```
/// use charm_machine::Mode;
///
/// const SECRET: Mode = Mode::new(0o640);
/// assert_eq!(SECRET.to_string(), "0640");
/// assert_eq!("640".parse(), Ok(SECRET));
/// ```
#[derive(Clone, Copy, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Mode(u32);

impl Mode {
    /// Makes a mode from its bits, written in octal as `chmod` takes them.
    ///
    /// # Panics
    ///
    /// Panics if `bits` is more than `0o7777`; in a constant, that is an error
    /// of the compiler.
    pub const fn new(bits: u32) -> Self {
        assert!(bits <= 0o7777, "a mode has four octal digits at most");
        Self(bits)
    }

    /// Returns the bits, at most `0o7777`.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl Debug for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mode({self})")
    }
}

impl Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl FromStr for Mode {
    type Err = ParseModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let octal = (1..=4).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'0'..=b'7'));
        let bits = if octal { u32::from_str_radix(text, 8).ok() } else { None };
        bits.map(Self).ok_or_else(|| ParseModeError { text: text.to_owned() })
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> Self {
        mode.to_string()
    }
}

impl TryFrom<String> for Mode {
    type Error = ParseModeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The text is no [`Mode`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid mode `{text}`: it must be one to four octal digits, such as `0640`")]
pub struct ParseModeError {
    text: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Mode;

    #[test]
    fn reads_octal_digits_only() {
        assert_eq!("0755".parse::<Mode>().unwrap().bits(), 0o755);
        assert_eq!("1777".parse::<Mode>().unwrap().bits(), 0o1777);
        for text in ["", "0o644", "648", "00644", "+644", "rw-r--r--"] {
            assert!(text.parse::<Mode>().is_err(), "{text}");
        }
        insta::assert_snapshot!("u=rw".parse::<Mode>().unwrap_err(), @"invalid mode `u=rw`: it must be one to four octal digits, such as `0640`");
    }

    #[test]
    #[should_panic(expected = "four octal digits")]
    fn refuses_bits_that_are_no_mode() {
        let _ = Mode::new(0o10000);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_shown_is_read_back(bits in 0_u32..=0o7777) {
            prop_assert_eq!(Mode::new(bits).to_string().parse::<Mode>().unwrap(), Mode::new(bits));
        }

        #[test]
        fn never_panics_on_text(text in any::<String>()) {
            let _ = text.parse::<Mode>();
        }
    }
}
