//! What a peer may cost.

/// How much a peer may make this end of a connection read and keep.
///
/// Reading and decoding one call takes at most four times
/// [`max_message`](Self::max_message) bytes of memory, set aside as a message
/// arrives, not when it is announced; besides, the types that a peer defines
/// take up to some fifty times [`max_definitions`](Self::max_definitions).
///
/// ```
/// use juju_agent_rpc::Limits;
///
/// let limits = Limits::default().with_max_message(1024 * 1024);
/// assert_eq!(limits.max_message(), 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    max_message: usize,
    max_definitions: usize,
}

impl Limits {
    /// The default length of one message, in bytes: 64 MiB.
    ///
    /// The longest that Juju itself sends are the settings of one side of a
    /// relation: up to 16 MiB in its database, and longer as JSON. The content
    /// of a secret ends at 1 MiB, and resources travel as file names.
    pub const MAX_MESSAGE: usize = 64 * 1024 * 1024;

    /// The default length of all type definitions of one connection together,
    /// in bytes: 64 KiB.
    ///
    /// An agent and a hook tool need under 200 bytes each.
    pub const MAX_DEFINITIONS: usize = 64 * 1024;

    /// Returns the longest message that is read, in bytes.
    pub fn max_message(&self) -> usize {
        self.max_message
    }

    /// Returns how long all type definitions of a connection may be together,
    /// in bytes.
    pub fn max_definitions(&self) -> usize {
        self.max_definitions
    }

    /// Returns these limits with another length of one message, in bytes.
    #[must_use]
    pub fn with_max_message(self, bytes: usize) -> Self {
        Self { max_message: bytes, ..self }
    }

    /// Returns these limits with another length of all type definitions of a
    /// connection together, in bytes.
    #[must_use]
    pub fn with_max_definitions(self, bytes: usize) -> Self {
        Self { max_definitions: bytes, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_message: Self::MAX_MESSAGE, max_definitions: Self::MAX_DEFINITIONS }
    }
}
