//! What is known of an own secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use juju_types::SecretId;
use serde::{Deserialize, Deserializer};

use super::owner::SecretOwner;
use super::rotation::RotationPolicy;
use crate::json_text::OptionalText;

/// What is known of an own secret, apart from its content.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SecretInfo {
    /// The secret.
    pub id: SecretId,
    /// Its latest revision.
    pub revision: u32,
    /// Who owns it.
    pub owner: SecretOwner,
    /// Its label.
    pub label: Option<String>,
    /// What it is, in words.
    pub description: Option<String>,
    /// How often it is to change.
    pub rotation: Option<RotationPolicy>,
    /// When it is to change next.
    pub rotates: Option<Timestamp>,
    /// When its latest revision expires.
    pub expiry: Option<Timestamp>,
    /// Who may read it; always empty before Juju 3.3.
    pub access: Vec<SecretAccess>,
}

impl SecretInfo {
    /// Describes a secret of which nothing else is known.
    pub fn new(id: SecretId, revision: u32, owner: SecretOwner) -> Self {
        Self {
            id,
            revision,
            owner,
            label: None,
            description: None,
            rotation: None,
            rotates: None,
            expiry: None,
            access: Vec::new(),
        }
    }
}

/// Who may read a secret, in Juju's own terms.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SecretAccess {
    /// The tag of the reader, such as `application-gitlab`.
    pub target: String,
    /// What the grant hangs on, such as `relation-…`.
    pub scope: String,
    /// What it may do: `view`.
    pub role: String,
}

impl SecretAccess {
    /// Describes what `target` may do.
    pub fn new(
        target: impl Into<String>,
        scope: impl Into<String>,
        role: impl Into<String>,
    ) -> Self {
        Self { target: target.into(), scope: scope.into(), role: role.into() }
    }
}

/// What `secret-info-get` prints: an object with one secret.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct SecretInfoJson(BTreeMap<SecretId, FieldsJson>);

impl SecretInfoJson {
    pub(super) fn into_info(self) -> Option<SecretInfo> {
        let (id, fields) = self.0.into_iter().next()?;
        let access = fields.access.unwrap_or_default().into_iter();
        Some(SecretInfo {
            id,
            revision: fields.revision,
            owner: fields.owner,
            label: fields.label.0,
            description: fields.description.0,
            rotation: fields.rotation.0,
            rotates: fields.rotates.0,
            expiry: fields.expiry.0,
            access: access
                .map(|AccessJson { target, scope, role }| SecretAccess { target, scope, role })
                .collect(),
        })
    }
}

#[derive(Deserialize)]
struct FieldsJson {
    revision: u32,
    #[serde(deserialize_with = "read_owner")]
    owner: SecretOwner,
    #[serde(default)]
    label: OptionalText<String>,
    #[serde(default)]
    description: OptionalText<String>,
    #[serde(default)]
    rotation: OptionalText<RotationPolicy>,
    #[serde(default)]
    rotates: OptionalText<Timestamp>,
    #[serde(default)]
    expiry: OptionalText<Timestamp>,
    access: Option<Vec<AccessJson>>,
}

#[derive(Deserialize)]
struct AccessJson {
    #[serde(default)]
    target: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    role: String,
}

fn read_owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretOwner, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum OwnerJson {
        Application,
        Unit,
    }

    Ok(match OwnerJson::deserialize(deserializer)? {
        OwnerJson::Application => SecretOwner::Application,
        OwnerJson::Unit => SecretOwner::Unit,
    })
}
