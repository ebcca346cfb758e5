//! Whether a unit is up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{shown, string_conversions};

/// Whether a unit is up: systemd's `ActiveState`, which all types of units
/// share.
///
/// A state that is not listed here is refused: nobody knows whether a unit in
/// it is up.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum ActiveState {
    /// It is on its way up, or waits for its automatic restart.
    Activating,
    /// It is up.
    Active,
    /// It is on its way down.
    Deactivating,
    /// It is down because something went wrong.
    Failed,
    /// It is down.
    Inactive,
    /// It is down for maintenance, which will end by itself.
    Maintenance,
    /// It is up, and a new root is being mounted for it (systemd 256 and
    /// later).
    Refreshing,
    /// It is up, and reads its configuration again.
    Reloading,
}

string_conversions!(ActiveState);

impl ActiveState {
    const ALL: [Self; 8] = [
        Self::Activating,
        Self::Active,
        Self::Deactivating,
        Self::Failed,
        Self::Inactive,
        Self::Maintenance,
        Self::Refreshing,
        Self::Reloading,
    ];

    /// Returns the name that systemd gives the state.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activating => "activating",
            Self::Active => "active",
            Self::Deactivating => "deactivating",
            Self::Failed => "failed",
            Self::Inactive => "inactive",
            Self::Maintenance => "maintenance",
            Self::Refreshing => "refreshing",
            Self::Reloading => "reloading",
        }
    }
}

impl fmt::Display for ActiveState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ActiveState {
    type Err = ParseActiveStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let state = Self::ALL.into_iter().find(|state| state.as_str() == text);
        state.ok_or_else(|| ParseActiveStateError(shown(text)))
    }
}

/// The text is no [`ActiveState`]; the message quotes it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("unknown state of a unit `{0}`")]
pub struct ParseActiveStateError(String);

#[cfg(test)]
mod tests {
    use super::ActiveState;

    #[test]
    fn reads_what_it_prints_and_quotes_the_rest() {
        for state in ActiveState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        let error = "Active\n".parse::<ActiveState>().unwrap_err();
        assert_eq!(error.to_string(), r"unknown state of a unit `Active\n`");
    }
}
