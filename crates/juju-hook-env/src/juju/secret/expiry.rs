//! When a revision of a secret expires.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::ToolError;
use crate::tool::HookTool;

/// When a revision of a secret expires, so that Juju asks its owner, with the
/// hook `secret-expired`, to replace it. Fractions of a second do not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there are two ways to tell when")]
pub enum SecretExpiry {
    /// After a time from now on.
    After(Duration),
    /// At a point in time.
    At(Timestamp),
}

impl SecretExpiry {
    /// Tells whether a revision that expires at `current` needs no change.
    pub(super) fn is(&self, current: Option<Timestamp>) -> bool {
        match self {
            Self::After(_) => false,
            Self::At(wanted) => current.map(Timestamp::as_second) == Some(wanted.as_second()),
        }
    }

    /// Writes the expiry as Juju reads it.
    pub(super) fn to_argument(self, tool: HookTool) -> Result<String, ToolError> {
        match self {
            Self::After(time) if time.as_secs() == 0 => {
                Err(ToolError::bad_argument(tool, "a secret must not expire within a second"))
            }
            Self::After(time) => Ok(format!("{}s", time.as_secs())),
            Self::At(time) => {
                let whole_seconds = Timestamp::from_second(time.as_second());
                Ok(whole_seconds.expect("the second of a timestamp is one").to_string())
            }
        }
    }
}
