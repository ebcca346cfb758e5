//! The id of a run of the charm.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// The id that the agent has given this run of the charm, such as
/// `mysql/0-install-9f86d081884c7d659a2feaa0c55ad015`.
///
/// Every call of a hook tool shows it to the agent. It has no meaning of its
/// own. It is no secret either: Juju logs it, and who may open the agent's
/// socket is decided by the socket's file mode.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ContextId(String);

impl ContextId {
    /// Returns the id as the agent gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ContextId {
    type Err = Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self(id.to_owned()))
    }
}
