use std::collections::BTreeMap;

use jiff::Timestamp;
use juju_types::{SecretId, UnitName};
use serde::{Deserialize, Serialize};

use crate::model::{Party, Secret, SecretConsumer, SecretContent, SecretRevision};

/// A secret, as one unit sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct SecretState {
    id: SecretId,
    owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotate: Option<Timestamp>,
    revisions: Vec<RevisionState>,
    /// The unit was granted to read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<ConsumerState>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct RevisionState {
    revision: u32,
    content: SecretContent,
    #[serde(skip_serializing_if = "Option::is_none")]
    expire: Option<Timestamp>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct ConsumerState {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    current_revision: u32,
}

impl SecretState {
    pub(super) fn of(id: &str, secret: &Secret, unit: &UnitName) -> Self {
        let revisions = secret.revisions.iter().map(|(number, revision)| RevisionState {
            revision: *number,
            content: revision.content.clone(),
            expire: revision.expire,
        });
        let consumer = secret.consumers.get(unit).map(|consumer| ConsumerState {
            label: consumer.label.clone(),
            current_revision: consumer.tracked,
        });
        Self {
            id: id.parse().expect("the model makes valid ids"),
            owner: secret.owner.to_string(),
            label: secret.label.clone(),
            description: secret.description.clone(),
            rotate: secret.rotate.map(|rotate| rotate.as_str().to_owned()),
            next_rotate: secret.next_rotate,
            revisions: revisions.collect(),
            readable: !secret.owner.includes(unit) && secret.is_readable_by(unit),
            consumer,
        }
    }

    /// Makes the secret, with its bare id; nothing if its owner cannot be read.
    pub(super) fn to_secret(&self, unit: &UnitName) -> Option<(String, Secret)> {
        let revision = |state: &RevisionState| {
            let (content, expire) = (state.content.clone(), state.expire);
            // What happened before is not told again.
            let revision =
                SecretRevision { content, expire, expire_due: expire, is_told_unused: true };
            (state.revision, revision)
        };
        let mut secret = Secret {
            owner: self.owner.parse().ok()?,
            label: self.label.clone(),
            description: self.description.clone(),
            rotate: self.rotate.as_deref().and_then(|rotate| rotate.parse().ok()),
            next_rotate: self.next_rotate,
            revisions: self.revisions.iter().map(revision).collect(),
            consumers: BTreeMap::new(),
            grants: BTreeMap::new(),
        };
        if self.readable {
            secret.grants.insert(Party::Application(unit.application().clone()), None);
        }
        if let Some(consumer) = &self.consumer {
            let consumer = SecretConsumer {
                label: consumer.label.clone(),
                tracked: consumer.current_revision,
                told: secret.latest(),
            };
            secret.consumers.insert(unit.clone(), consumer);
        }
        Some((self.id.id().to_owned(), secret))
    }
}
