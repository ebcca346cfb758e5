//! What changes a secret.

use super::content::SecretContent;
use super::expiry::SecretExpiry;
use super::metadata::Metadata;
use super::rotation::RotationPolicy;

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
