//! Secrets that Juju could not hold.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Check;
use crate::model::{Party, RotatePolicy};
use crate::tool::is_secret_key;
use crate::unit_state::secret_state::{RevisionState, SecretState};

impl Check<'_> {
    pub(super) fn secrets(&mut self) {
        let secrets = &self.state.0.secrets;
        if !secrets.is_empty() && !self.version.has_secrets() {
            self.fault(format!("secrets: Juju {} has none", self.version));
            return;
        }
        for (index, secret) in secrets.iter().enumerate() {
            let (id, former) = (secret.id().id(), &secrets[..index]);
            if former.iter().any(|other| other.id() == secret.id()) {
                self.fault(format!("secret {id}: another one has the same id"));
            }
            let is_labelled =
                |other: &&SecretState| other.owner == secret.owner && other.label == secret.label;
            if !secret.label.is_empty() && former.iter().any(|other| is_labelled(&other)) {
                let (owner, label) = (&secret.owner, &secret.label);
                self.fault(format!("secret {id}: `{owner}` has another one labelled `{label}`"));
            }
            self.owner(secret);
            self.revisions(secret);
        }
    }

    fn owner(&mut self, secret: &SecretState) {
        let id = secret.id().id();
        match secret.owner.parse::<Party>() {
            Err(()) => {
                let owner = &secret.owner;
                self.fault(format!(
                    "secret {id}: `{owner}` is neither `application-NAME` nor `unit-NAME-NUMBER`"
                ));
            }
            Ok(owner) if secret.readable && owner.includes(self.state.unit()) => {
                self.fault(format!(
                    "secret {id}: the unit's own secrets are granted to others only"
                ));
            }
            Ok(_) => {}
        }
        if let Some(policy) = &secret.rotate
            && policy.parse::<RotatePolicy>().is_err()
        {
            self.fault(format!("secret {id}: Juju knows no rotation `{policy}`"));
        }
    }

    fn revisions(&mut self, secret: &SecretState) {
        let id = secret.id().id();
        if secret.revisions.is_empty() {
            self.fault(format!("secret {id}: it has no content"));
        }
        let mut last = 0;
        for revision in &secret.revisions {
            let number = revision.revision;
            if number <= last {
                self.fault(format!("secret {id}: revision {number} cannot follow on {last}"));
            }
            last = number;
            self.content(id, revision);
        }
        if let Some(tracked) = secret.tracked_revision()
            && !secret.revisions.iter().any(|revision| revision.revision == tracked)
        {
            self.fault(format!(
                "secret {id}: the unit cannot track revision {tracked}, which it has not"
            ));
        }
    }

    fn content(&mut self, id: &str, revision: &RevisionState) {
        if revision.content.is_empty() {
            self.fault(format!("secret {id}: revision {} is empty", revision.revision));
        }
        let limits = self.version.secret_limits();
        let mut sum = 0;
        for (key, value) in &revision.content {
            if !is_secret_key(key) {
                self.fault(format!("secret {id}: `{key}` is no key of a secret"));
            }
            match BASE64_STANDARD.decode(value) {
                Err(_) => self.fault(format!("secret {id}: the value of `{key}` is not in base64")),
                Ok(bytes) => {
                    let size = limits.map_or(0, |limits| limits.size(&bytes));
                    sum += size;
                    if limits.is_some_and(|limits| size > limits.max_value()) {
                        self.fault(format!(
                            "secret {id}: the value of `{key}` is too large: {size} bytes"
                        ));
                    }
                }
            }
        }
        if limits.is_some_and(|limits| sum > limits.max_content()) {
            self.fault(format!(
                "secret {id}: revision {} is too large: {sum} bytes",
                revision.revision
            ));
        }
    }
}
