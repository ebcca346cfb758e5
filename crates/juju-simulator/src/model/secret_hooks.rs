//! Which secret hooks a unit has yet to run.

use std::time::Duration;

use jiff::Timestamp;
use juju_types::{Event, SecretContext, SecretId, UnitName};

use super::{Model, Party, Secret, later};

/// How long Juju waits until it says the same again.
const REMINDER: Duration = Duration::from_mins(5);

impl Model {
    /// Returns the next secret hook of a unit.
    pub(super) fn secret_event(&self, unit: &UnitName) -> Option<Event> {
        let managed = || self.secrets.iter().filter(|(_, secret)| self.manages(unit, secret));
        let is_due = |due: Option<Timestamp>| due.is_some_and(|due| due <= self.now);
        let owner = |id: &str, secret: &Secret| context(id, &secret.label);

        let mut events = Vec::new();
        if self.version.has_secret_rotation() {
            events.extend(managed().find_map(|(id, secret)| {
                let (revision, latest) = secret.revisions.last_key_value()?;
                let (secret, revision) = (owner(id, secret), *revision);
                is_due(latest.expire_due).then_some(Event::SecretExpired { secret, revision })
            }));
            let rotate = managed().find(|(_, secret)| is_due(secret.next_rotate));
            events.extend(rotate.map(|(id, secret)| Event::SecretRotate(owner(id, secret))));
        }
        events.extend(self.secrets.iter().find_map(|(id, secret)| {
            let consumer = secret.consumers.get(unit)?;
            let is_news = consumer.told < secret.latest() && !self.manages(unit, secret);
            is_news.then(|| Event::SecretChanged(context(id, &consumer.label)))
        }));
        events.extend(managed().find_map(|(id, secret)| {
            let revision = unused_revision(secret)?;
            Some(Event::SecretRemove { secret: owner(id, secret), revision })
        }));
        events.into_iter().next()
    }

    /// Returns the latest revision of the secret that a hook is about.
    pub(super) fn secret_revision(&self, event: &Event) -> Option<u32> {
        self.secrets.get(subject(event)?.id.id()).map(Secret::latest)
    }

    /// Notes that a secret hook has succeeded which has seen that revision.
    pub(super) fn commit_secret_hook(&mut self, unit: &UnitName, event: &Event, seen: Option<u32>) {
        let now = self.now;
        let Some(secret) = subject(event).and_then(|about| self.secret_mut(about.id.id())) else {
            return;
        };
        let seen = seen.unwrap_or_default();
        match event {
            Event::SecretChanged(_) => {
                if let Some(consumer) = secret.consumers.get_mut(unit) {
                    consumer.told = seen;
                }
            }
            Event::SecretExpired { .. } => {
                if let Some(revision) = secret.revisions.get_mut(&seen) {
                    revision.expire_due = Some(later(now, REMINDER));
                }
            }
            Event::SecretRemove { revision, .. } => {
                if let Some(revision) = secret.revisions.get_mut(revision) {
                    revision.is_told_unused = true;
                }
            }
            Event::SecretRotate(_) if secret.latest() == seen => {
                secret.next_rotate = Some(later(now, REMINDER));
            }
            Event::SecretRotate(_) => {
                secret.next_rotate = secret.rotate.and_then(|rotate| rotate.next(now));
            }
            _ => {}
        }
    }

    /// Returns when a secret comes due by itself.
    pub(super) fn secrets_due(&self) -> impl Iterator<Item = Timestamp> {
        self.secrets.values().flat_map(|secret| {
            let expire = secret.revisions.last_key_value().and_then(|(_, last)| last.expire_due);
            secret.next_rotate.into_iter().chain(expire)
        })
    }

    /// Forgets what a unit owned and read, and what its application owned if
    /// that is gone.
    pub(super) fn forget_secrets_of(&mut self, unit: &UnitName) {
        let is_lost = |secret: &Secret| match &secret.owner {
            Party::Application(owner) => {
                owner == unit.application() && !self.applications.contains_key(owner)
            }
            Party::Unit(owner) => owner == unit,
        };
        let (lost, kept): (Vec<_>, Vec<_>) =
            self.secrets.iter().partition(|(_, secret)| is_lost(secret));
        let is_read = |(_, secret): &(&String, &Secret)| secret.consumers.contains_key(unit);
        let lost: Vec<String> = lost.into_iter().map(|(id, _)| id.clone()).collect();
        let read: Vec<String> =
            kept.into_iter().filter(is_read).map(|(id, _)| id.clone()).collect();
        for id in lost {
            self.remove_secret(&id);
        }
        for id in read {
            if let Some(secret) = self.secret_mut(&id) {
                secret.consumers.remove(unit);
            }
        }
    }
}

/// Returns a revision that is not the latest, and that nobody reads.
fn unused_revision(secret: &Secret) -> Option<u32> {
    let latest = secret.latest();
    let is_read = |number: u32| secret.consumers.values().any(|unit| unit.tracked == number);
    let mut old = secret.revisions.iter().filter(|(number, _)| **number != latest);
    let unused = old.find(|(number, revision)| !revision.is_told_unused && !is_read(**number));
    unused.map(|(number, _)| *number)
}

fn subject(event: &Event) -> Option<&SecretContext> {
    match event {
        Event::SecretChanged(secret)
        | Event::SecretExpired { secret, .. }
        | Event::SecretRemove { secret, .. }
        | Event::SecretRotate(secret) => Some(secret),
        _ => None,
    }
}

fn context(id: &str, label: &str) -> SecretContext {
    let id: SecretId = format!("secret:{id}").parse().expect("the model makes valid ids");
    SecretContext::new(id, Some(label.to_owned()).filter(|label| !label.is_empty()))
}
