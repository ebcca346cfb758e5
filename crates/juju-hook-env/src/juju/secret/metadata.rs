//! What is known of a secret apart from its content.

use super::expiry::SecretExpiry;
use super::rotation::RotationPolicy;

/// What is known of a secret apart from its content.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Metadata {
    pub(super) description: Option<String>,
    pub(super) expiry: Option<SecretExpiry>,
    pub(super) label: Option<String>,
    pub(super) rotation: Option<RotationPolicy>,
}
