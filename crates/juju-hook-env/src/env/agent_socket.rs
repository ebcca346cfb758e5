//! Where the unit agent listens.

use std::fmt;
use std::path::PathBuf;

use crate::host_port::HostPort;

/// Where the unit agent listens for calls of hook tools while the hook runs.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AgentSocket {
    /// A Linux socket without a file (2.8 and older); the name comes without
    /// the `@` in front.
    Abstract(String),
    /// A socket over TCP and TLS, which only old Kubernetes charms see (2.7 to
    /// 3.6).
    Tcp {
        /// Where to connect to.
        address: HostPort,
        /// The file with the certificate to trust.
        ca_cert: Option<PathBuf>,
        /// What to send with each call.
        token: Option<AgentToken>,
    },
    /// The socket file of a machine charm, `agent.socket`.
    Unix(PathBuf),
}

/// The secret that a call over TCP has to show. `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
pub struct AgentToken(String);

impl AgentToken {
    pub(crate) fn new(token: &str) -> Self {
        Self(token.to_owned())
    }

    /// Returns the secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AgentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentToken(…)")
    }
}
