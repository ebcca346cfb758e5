//! The secret that an event is about.

use crate::secret_id::SecretId;

/// The secret that an event is about.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct SecretContext {
    /// The secret.
    pub id: SecretId,
    /// The label that this side, owner or reader, has given it.
    pub label: Option<String>,
}

impl SecretContext {
    /// Describes the secret `id` with its label, if it has one.
    pub fn new(id: SecretId, label: Option<String>) -> Self {
        Self { id, label }
    }
}
