//! How targets are asked.

use std::fmt;

/// The protocol by which targets are asked for their metrics.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "Prometheus knows these two")]
pub enum Scheme {
    /// Without encryption.
    Http,
    /// Encrypted, as [`Tls`](crate::Tls) says.
    Https,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}
