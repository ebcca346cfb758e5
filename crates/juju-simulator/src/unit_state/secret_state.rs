use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use juju_types::{ApplicationName, SecretId, UnitName};
use serde::{Deserialize, Serialize};

use crate::model::{Party, Secret, SecretConsumer, SecretContent, SecretRevision};
use crate::stated::stated;

/// A secret, as one unit sees it: its own, or one that it may read.
///
/// ```
/// use juju_simulator::SecretState;
///
/// let secret = SecretState::new("9m4e2mr0ui3e8a215n4g", "exporter")
///     .with_label("admin")
///     .with_content([("password", "old")])
///     .with_content([("password", "new")]);
/// assert_eq!(secret.revision(), 2);
/// assert_eq!(secret.value("password").as_deref(), Some("new"));
/// assert!(!format!("{secret:?}").contains("bmV3")); // `new`, in base64
/// ```
///
/// # Panics
///
/// The methods that take a name or an id as text panic, at the caller's line,
/// if it is none.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SecretState {
    pub(super) id: SecretId,
    pub(super) owner: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rotate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotate: Option<Timestamp>,
    pub(super) revisions: Vec<RevisionState>,
    /// The unit was granted to read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) consumer: Option<ConsumerState>,
}

#[derive(Clone, Deserialize, Serialize)]
pub(super) struct RevisionState {
    pub(super) revision: u32,
    pub(super) content: SecretContent,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expire: Option<Timestamp>,
}

/// Shows no value.
impl fmt::Debug for RevisionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevisionState")
            .field("revision", &self.revision)
            .field("content", &self.content.keys())
            .field("expire", &self.expire)
            .finish()
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct ConsumerState {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) label: String,
    pub(super) current_revision: u32,
}

impl SecretState {
    /// Names a secret and its owner, an application or a unit, such as
    /// `exporter` or `exporter/0`. It needs [content](Self::with_content).
    #[track_caller]
    pub fn new(id: &str, owner: &str) -> Self {
        let owner = match owner.parse() {
            Ok(unit) => Party::Unit(unit),
            Err(_) => Party::Application(stated::<ApplicationName>(owner)),
        };
        Self {
            id: stated(id),
            owner: owner.to_string(),
            label: String::new(),
            description: String::new(),
            rotate: None,
            next_rotate: None,
            revisions: Vec::new(),
            readable: false,
            consumer: None,
        }
    }

    /// Adds a revision with this content, the first one as 1.
    #[must_use]
    pub fn with_content<K: Into<String>, V: AsRef<[u8]>>(
        mut self,
        content: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let encode = |(key, value): (K, V)| (key.into(), BASE64_STANDARD.encode(value));
        let content = content.into_iter().map(encode).collect();
        self.revisions.push(RevisionState { revision: self.revision() + 1, content, expire: None });
        self
    }

    /// Sets the owner's label.
    #[must_use]
    pub fn with_label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// Sets how often it is to be renewed, in Juju's words, such as `monthly`.
    #[must_use]
    pub fn with_rotation(self, policy: impl Into<String>) -> Self {
        Self { rotate: Some(policy.into()), ..self }
    }

    /// Sets when the latest revision expires, such as `2024-03-01T00:00:00Z`.
    #[must_use]
    #[track_caller]
    pub fn with_expiry(mut self, time: &str) -> Self {
        let time = stated(time);
        if let Some(latest) = self.revisions.last_mut() {
            latest.expire = Some(time);
        }
        self
    }

    /// Lets the unit read a secret that is not its own.
    #[must_use]
    pub fn granted(self) -> Self {
        Self { readable: true, ..self }
    }

    /// Says that the unit has read the secret, and which revision it gets
    /// until it asks for a newer one.
    #[must_use]
    pub fn tracked(self, revision: u32) -> Self {
        let label = self.consumer.map(|consumer| consumer.label).unwrap_or_default();
        Self { consumer: Some(ConsumerState { label, current_revision: revision }), ..self }
    }

    /// Says that the unit has read the secret, and under which label of its
    /// own. Unless [`tracked`](Self::tracked) says otherwise, it has read the
    /// latest revision.
    #[must_use]
    pub fn with_reader_label(self, label: impl Into<String>) -> Self {
        let current_revision = self.tracked_revision().unwrap_or_else(|| self.revision());
        Self { consumer: Some(ConsumerState { label: label.into(), current_revision }), ..self }
    }

    /// Returns the id.
    pub fn id(&self) -> &SecretId {
        &self.id
    }

    /// Returns the tag of the owner, such as `application-exporter` or
    /// `unit-exporter-0`.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns the owner's label; empty if there is none.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Returns the description; empty if there is none.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the latest revision; 0 if there is none.
    pub fn revision(&self) -> u32 {
        self.revisions.iter().map(|revision| revision.revision).max().unwrap_or_default()
    }

    /// Returns a value of the latest revision. Bytes that are not UTF-8 are
    /// replaced.
    pub fn value(&self, key: &str) -> Option<String> {
        let latest = self.revisions.iter().max_by_key(|revision| revision.revision)?;
        let bytes = BASE64_STANDARD.decode(latest.content.get(key)?).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Tells whether the unit may read a secret that is not its own.
    pub fn is_granted(&self) -> bool {
        self.readable
    }

    /// Returns the revision that the unit gets until it asks for a newer one,
    /// if it has read the secret.
    pub fn tracked_revision(&self) -> Option<u32> {
        self.consumer.as_ref().map(|consumer| consumer.current_revision)
    }

    /// Returns the unit's own label; empty if there is none.
    pub fn reader_label(&self) -> &str {
        self.consumer.as_ref().map_or("", |consumer| &consumer.label)
    }

    /// Tells whether a unit may change the secret: its own, or as the leader
    /// that of its application.
    pub(crate) fn is_managed_by(&self, unit: &UnitName, is_leader: bool) -> bool {
        match self.owner.parse() {
            Ok(Party::Application(application)) => application == *unit.application() && is_leader,
            Ok(Party::Unit(owner)) => owner == *unit,
            Err(()) => false,
        }
    }

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

    /// Makes the secret; nothing if its owner cannot be read. What only other
    /// units know of it is taken from `former`.
    pub(super) fn to_secret(&self, unit: &UnitName, former: Option<&Secret>) -> Option<Secret> {
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
            consumers: former.map(|former| former.consumers.clone()).unwrap_or_default(),
            grants: former.map(|former| former.grants.clone()).unwrap_or_default(),
        };
        if !self.readable {
            secret.grants.retain(|party, _| !party.includes(unit));
        } else if !secret.is_readable_by(unit) {
            secret.grants.insert(Party::Application(unit.application().clone()), None);
        }
        secret.consumers.remove(unit);
        if let Some(consumer) = &self.consumer {
            let consumer = SecretConsumer {
                label: consumer.label.clone(),
                tracked: consumer.current_revision,
                told: secret.latest(),
            };
            secret.consumers.insert(unit.clone(), consumer);
        }
        Some(secret)
    }

    pub(super) fn keys(&self) -> Vec<&str> {
        let latest = self.revisions.iter().max_by_key(|revision| revision.revision);
        let keys: Option<Vec<&str>> =
            latest.map(|latest| latest.content.keys().map(String::as_str).collect());
        keys.unwrap_or_default()
    }
}
