//! How the main process of a unit has ended.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{shown, string_conversions};

/// How the main process of a unit has ended last.
///
/// Its text has the words of `$EXIT_CODE` in [`systemd.exec(5)`], and a number:
/// `exited 1`, `killed 9`, `dumped 11`.
///
/// [`systemd.exec(5)`]: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[expect(clippy::exhaustive_enums, reason = "a process ends in no other way")]
pub enum MainExit {
    /// A signal of this number ended it, and it left a core dump.
    Dumped(u8),
    /// It ended by itself with this code.
    Exited(u8),
    /// A signal of this number ended it.
    Killed(u8),
}

string_conversions!(MainExit);

impl MainExit {
    /// Reads the properties `ExecMainCode` and `ExecMainStatus`, or returns
    /// `None` if the main process has not ended yet, or there is none.
    pub fn from_properties(code: i32, status: i32) -> Option<Self> {
        let status = u8::try_from(status).ok()?;
        // The numbers of `si_code` in sigaction(2): CLD_EXITED and so on.
        match code {
            1 => Some(Self::Exited(status)),
            2 => Some(Self::Killed(status)),
            3 => Some(Self::Dumped(status)),
            _ => None,
        }
    }
}

impl fmt::Display for MainExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dumped(signal) => write!(f, "dumped {signal}"),
            Self::Exited(code) => write!(f, "exited {code}"),
            Self::Killed(signal) => write!(f, "killed {signal}"),
        }
    }
}

impl FromStr for MainExit {
    type Err = ParseMainExitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = || ParseMainExitError(shown(text));
        let (code, number) = text.split_once(' ').ok_or_else(reject)?;
        let status = number.parse().map_err(|_| reject())?;
        let exit = match code {
            "dumped" => Self::Dumped(status),
            "exited" => Self::Exited(status),
            "killed" => Self::Killed(status),
            _ => return Err(reject()),
        };
        // A sign or leading zeros would make two texts of one value.
        if exit.to_string() == text { Ok(exit) } else { Err(reject()) }
    }
}

/// The text is no [`MainExit`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid exit of a process `{0}`: it must be `exited`, `killed` or `dumped`, and a number from 0 to 255"
)]
pub struct ParseMainExitError(String);

#[cfg(test)]
mod tests {
    use super::MainExit;

    #[test]
    fn reads_what_systemd_knows_of_the_main_process() {
        assert_eq!(MainExit::from_properties(0, 0), None);
        assert_eq!(MainExit::from_properties(1, 203), Some(MainExit::Exited(203)));
        assert_eq!(MainExit::from_properties(2, 9), Some(MainExit::Killed(9)));
        assert_eq!(MainExit::from_properties(3, 11), Some(MainExit::Dumped(11)));
        assert_eq!(MainExit::from_properties(1, 256), None);
        assert_eq!(MainExit::from_properties(7, 1), None);
    }

    #[test]
    fn reads_what_it_prints_and_quotes_the_rest() {
        for exit in [MainExit::Exited(0), MainExit::Killed(9), MainExit::Dumped(255)] {
            assert_eq!(exit.to_string().parse(), Ok(exit));
        }
        for text in ["exited", "exited ", "exited 256", "exited +1", "exited 01", "ended 1", ""] {
            assert!(text.parse::<MainExit>().is_err(), "{text}");
        }
        insta::assert_snapshot!("killed -9".parse::<MainExit>().unwrap_err(), @"invalid exit of a process `killed -9`: it must be `exited`, `killed` or `dumped`, and a number from 0 to 255");
    }
}
