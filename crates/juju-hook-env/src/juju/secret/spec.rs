//! What makes a new secret.

use super::content::SecretContent;
use super::expiry::SecretExpiry;
use super::metadata::Metadata;
use super::owner::SecretOwner;
use super::rotation::RotationPolicy;

/// A secret to be made: its content, and what else is to be known of it.
///
/// Without [`owner`](Self::owner) it belongs to the application.
///
/// ```
/// use juju_hook_env::{RotationPolicy, SecretContent, SecretOwner, SecretSpec};
///
/// let spec = SecretSpec::new(SecretContent::new().with("password", "hunter2"))
///     .label("db")
///     .owner(SecretOwner::Unit)
///     .rotate(RotationPolicy::Monthly);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct SecretSpec {
    pub(super) content: SecretContent,
    pub(super) owner: Option<SecretOwner>,
    pub(super) metadata: Metadata,
}

impl SecretSpec {
    /// Describes a secret with this content.
    pub fn new(content: SecretContent) -> Self {
        Self { content, owner: None, metadata: Metadata::default() }
    }

    /// Gives it to the application or the unit.
    pub fn owner(mut self, owner: SecretOwner) -> Self {
        self.owner = Some(owner);
        self
    }

    /// Describes it in words, for the readers of `juju show-secret`.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.metadata.description = Some(description.into());
        self
    }

    /// Lets it expire.
    pub fn expire(mut self, expiry: SecretExpiry) -> Self {
        self.metadata.expiry = Some(expiry);
        self
    }

    /// Gives it a label, by which its owner finds it again; no other secret of
    /// the owner may have the same.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.metadata.label = Some(label.into());
        self
    }

    /// Has it changed from time to time.
    pub fn rotate(mut self, policy: RotationPolicy) -> Self {
        self.metadata.rotation = Some(policy);
        self
    }
}
