//! Changes of secrets that are kept back.

mod flush;

use std::collections::{BTreeMap, BTreeSet};

use super::HookContext;
use crate::model::{Party, Secret, SecretContent, SecretSpec};

#[derive(Debug, Default)]
pub(super) struct PendingSecrets {
    creates: BTreeMap<String, Secret>,
    updates: BTreeMap<String, SecretSpec>,
    /// The secrets whose latest revision is to be tracked.
    tracked: BTreeSet<String>,
    /// The secrets, or single revisions of them, that are to be removed.
    removals: BTreeMap<String, Removal>,
    grants: Vec<(String, Party, u32)>,
    revocations: Vec<(String, Party)>,
}

#[derive(Debug)]
enum Removal {
    All,
    Revisions(BTreeSet<u32>),
}

/// Which revision of a secret is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reading {
    /// The latest, this once.
    Peek,
    /// The latest, from now on.
    Refresh,
    /// The one that the unit tracks.
    Tracked,
}

impl HookContext<'_> {
    /// Keeps back a new secret, and returns its id. The error is a label that
    /// was given to another new secret.
    pub(crate) fn add_secret(&mut self, owner: Party, spec: &SecretSpec) -> Result<String, String> {
        let label = spec.label.clone().unwrap_or_default();
        let has_label = |secret: &Secret| !label.is_empty() && secret.label == label;
        if self.pending.secrets.creates.values().any(has_label) {
            return Err(label);
        }
        let id = self.model.ids.secret();
        let secret = Secret::new(owner, spec, self.model.now);
        self.pending.secrets.creates.insert(id.clone(), secret);
        Ok(id)
    }

    /// Keeps back changes of a secret.
    pub(crate) fn update_secret(&mut self, id: &str, spec: SecretSpec) {
        if let Some(secret) = self.pending.secrets.creates.get_mut(id) {
            // It has no reader yet, so that its first revision is replaced.
            if spec.content.is_some() {
                secret.revisions.clear();
            }
            secret.update(&spec, self.model.now);
            return;
        }
        let pending = self.pending.secrets.updates.entry(id.to_owned()).or_default();
        pending.label = spec.label.or(pending.label.take());
        pending.description = spec.description.or(pending.description.take());
        pending.rotate = spec.rotate.or(pending.rotate);
        pending.expire = spec.expire.or(pending.expire);
        pending.content = spec.content.or(pending.content.take());
    }

    /// Keeps back that a secret is to be removed, or one of its revisions.
    pub(crate) fn remove_secret(&mut self, id: &str, revision: Option<u32>) {
        let pending = &mut self.pending.secrets;
        if pending.creates.remove(id).is_some() {
            return;
        }
        let Some(revision) = revision else {
            pending.updates.remove(id);
            pending.removals.insert(id.to_owned(), Removal::All);
            return;
        };
        let none = || Removal::Revisions(BTreeSet::new());
        if let Removal::Revisions(revisions) =
            pending.removals.entry(id.to_owned()).or_insert_with(none)
        {
            revisions.insert(revision);
        }
    }

    /// Keeps back that a secret is to be readable by way of a relation. The
    /// error tells that units of the application can read it already.
    pub(crate) fn grant_secret(
        &mut self,
        id: &str,
        reader: Party,
        relation: u32,
    ) -> Result<(), UnitGranted> {
        let pending = self.pending.secrets.grants.iter();
        let pending = pending.filter(|(other, ..)| other == id).map(|(_, party, _)| party);
        let granted = self.model.secrets.get(id).into_iter();
        let mut readers = granted.flat_map(|secret| secret.grants.keys()).chain(pending);
        let is_application = matches!(reader, Party::Application(_));
        let has_unit = readers.any(|other| {
            matches!(other, Party::Unit(_)) && other.application() == reader.application()
        });
        if is_application && has_unit {
            return Err(UnitGranted);
        }
        self.pending.secrets.grants.push((id.to_owned(), reader, relation));
        Ok(())
    }

    /// Keeps back that a secret is not to be readable any more.
    pub(crate) fn revoke_secret(&mut self, id: &str, reader: Party) {
        self.pending.secrets.grants.retain(|(other, party, _)| other != id || *party != reader);
        self.pending.secrets.revocations.push((id.to_owned(), reader));
    }

    /// Returns the secrets that the unit may change, with those that are new.
    pub(crate) fn managed_secrets(&mut self) -> BTreeMap<String, Secret> {
        let is_leader = self.is_leader();
        let own = self.model.secrets.iter().filter(|(_, secret)| match &secret.owner {
            Party::Application(owner) => is_leader && owner == self.unit_name.application(),
            Party::Unit(owner) => *owner == self.unit_name,
        });
        let mut managed: BTreeMap<String, Secret> =
            own.map(|(id, secret)| (id.clone(), secret.clone())).collect();
        let pending = &self.pending.secrets;
        managed.retain(|id, _| !matches!(pending.removals.get(id), Some(Removal::All)));
        for (id, spec) in &pending.updates {
            if let Some(secret) = managed.get_mut(id) {
                secret.describe(spec);
            }
        }
        managed.extend(pending.creates.iter().map(|(id, secret)| (id.clone(), secret.clone())));
        managed
    }

    /// Finds a secret by the owner's label, or by the unit's own.
    pub(crate) fn find_secret(&self, label: &str) -> Option<String> {
        let pending = &self.pending.secrets;
        let created = pending.creates.iter().find(|(_, secret)| secret.label == label);
        let relabelled =
            pending.updates.iter().find(|(_, spec)| spec.label.as_deref() == Some(label));
        let owned = || {
            let mut secrets = self.model.secrets.iter();
            let is_owned = |secret: &Secret| secret.owner.includes(&self.unit_name);
            secrets.find(|(_, secret)| is_owned(secret) && secret.label == label)
        };
        let consumed = || {
            let label_of = |secret: &Secret| {
                secret.consumers.get(&self.unit_name).map(|unit| unit.label.clone())
            };
            self.model.secrets.iter().find(|(_, secret)| label_of(secret).as_deref() == Some(label))
        };
        let id = created.map(|(id, _)| id).or(relabelled.map(|(id, _)| id));
        let id = id.or_else(|| owned().map(|(id, _)| id)).or_else(|| consumed().map(|(id, _)| id));
        id.cloned()
    }

    /// Reads a secret, and gives it the unit's own label, if there is one.
    pub(crate) fn read_secret(
        &mut self,
        id: &str,
        label: Option<&str>,
        reading: Reading,
    ) -> Result<SecretContent, Unreadable> {
        let unit = self.unit_name.clone();
        let pending = &mut self.pending.secrets;
        if let Some(secret) = pending.creates.get_mut(id) {
            secret.label = label.map_or(std::mem::take(&mut secret.label), str::to_owned);
            return secret.content(secret.latest()).cloned().ok_or(Unreadable::NotFound);
        }
        if matches!(pending.removals.get(id), Some(Removal::All)) {
            return Err(Unreadable::NotFound);
        }
        let secret = self.model.secrets.get(id).ok_or(Unreadable::NotFound)?;
        if !secret.is_readable_by(&unit) {
            return Err(Unreadable::Denied);
        }
        let is_managed = self.model.manages(&unit, secret);
        if let (Some(label), true) = (label, is_managed) {
            let update = pending.updates.entry(id.to_owned()).or_default();
            update.label = Some(label.to_owned());
        }
        let updated = pending.updates.get(id).and_then(|update| update.content.clone());
        if let Some(content) = updated.filter(|_| reading != Reading::Tracked) {
            if reading == Reading::Refresh {
                pending.tracked.insert(id.to_owned());
            }
            return Ok(content);
        }

        let latest = secret.latest();
        if reading == Reading::Peek && label.is_none() {
            return secret.content(latest).cloned().ok_or(Unreadable::NotFound);
        }
        let consumer = self.model.secret_consumer_mut(id, &unit).ok_or(Unreadable::NotFound)?;
        if consumer.tracked == 0 || reading == Reading::Refresh {
            (consumer.tracked, consumer.told) = (latest, latest);
        }
        if let (Some(label), false) = (label, is_managed) {
            label.clone_into(&mut consumer.label);
        }
        let revision = if reading == Reading::Peek { latest } else { consumer.tracked };
        let content = self.model.secrets.get(id).and_then(|secret| secret.content(revision));
        content.cloned().ok_or(Unreadable::NotFound)
    }
}

/// A unit of the application can read the secret already.
#[derive(Debug)]
pub(crate) struct UnitGranted;

/// Why a secret cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    Denied,
    NotFound,
}
