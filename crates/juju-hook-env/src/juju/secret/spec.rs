//! What makes a new secret, and what changes one.

use super::content::SecretContent;
use super::expiry::SecretExpiry;
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

/// What is to change of a secret. What is not named stays as it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[must_use]
pub struct SecretChange {
    pub(super) content: Option<SecretContent>,
    pub(super) metadata: Metadata,
}

impl SecretChange {
    /// Describes a change of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the whole content, with a new revision.
    pub fn content(mut self, content: SecretContent) -> Self {
        self.content = Some(content);
        self
    }

    /// Replaces the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.metadata.description = Some(description.into());
        self
    }

    /// Lets it expire at another time.
    pub fn expire(mut self, expiry: SecretExpiry) -> Self {
        self.metadata.expiry = Some(expiry);
        self
    }

    /// Replaces the label.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.metadata.label = Some(label.into());
        self
    }

    /// Has it changed more or less often.
    pub fn rotate(mut self, policy: RotationPolicy) -> Self {
        self.metadata.rotation = Some(policy);
        self
    }
}

/// Who owns a secret.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "of a charm's secrets, Juju knows these owners")]
pub enum SecretOwner {
    /// The application; only its leader can change the secret.
    Application,
    /// This unit.
    Unit,
}

/// What is known of a secret apart from its content.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Metadata {
    pub(super) description: Option<String>,
    pub(super) expiry: Option<SecretExpiry>,
    pub(super) label: Option<String>,
    pub(super) rotation: Option<RotationPolicy>,
}
