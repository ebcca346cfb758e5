//! Sending the changes of secrets.

use super::{PendingSecrets, Removal};
use crate::agent::HookContext;
use crate::go;
use crate::model::Secret;

impl HookContext<'_> {
    /// Sends the changes. The error says what the controller refuses; what
    /// comes before that has been sent.
    pub(in crate::agent) fn flush_secrets(
        &mut self,
        pending: PendingSecrets,
    ) -> Result<(), String> {
        let now = self.model.now;
        for (id, secret) in pending.creates {
            if !self.model.manages(&self.unit_name, &secret) {
                return Err("creating secrets: permission denied".to_owned());
            }
            let clash = |other: &Secret| other.owner == secret.owner && other.label == secret.label;
            if !secret.label.is_empty() && self.model.secrets.values().any(clash) {
                let label = go::quote(&secret.label);
                return Err(format!("creating secrets: secret with label {label} already exists"));
            }
            self.model.insert_secret(&id, secret);
        }
        for (id, spec) in pending.updates {
            self.managed(&id, "updating secrets")?.update(&spec, now);
        }
        for id in pending.tracked {
            let latest = self.model.secrets.get(&id).map(Secret::latest);
            if let Some(latest) = latest
                && let Some(consumer) = self.model.secret_consumer_mut(&id, &self.unit_name)
            {
                (consumer.tracked, consumer.told) = (latest, latest);
            }
        }
        for (id, removal) in pending.removals {
            let secret = self.managed(&id, "removing secrets")?;
            if let Removal::Revisions(revisions) = &removal {
                secret.revisions.retain(|number, _| !revisions.contains(number));
            }
            if matches!(removal, Removal::All) || secret.revisions.is_empty() {
                self.model.remove_secret(&id);
            }
        }
        // What is removed in the same hook has no readers to be changed.
        for (id, reader, relation) in pending.grants {
            if self.model.secrets.contains_key(&id) {
                let secret = self.managed(&id, "granting secrets access")?;
                secret.grants.insert(reader, Some(relation));
            }
        }
        for (id, reader) in pending.revocations {
            if self.model.secrets.contains_key(&id) {
                self.managed(&id, "revoking secrets access")?.grants.remove(&reader);
            }
        }
        Ok(())
    }

    fn managed(&mut self, id: &str, doing: &str) -> Result<&mut Secret, String> {
        let Some(secret) = self.model.secrets.get(id) else {
            return Err(format!("{doing}: secret {} not found", go::quote(id)));
        };
        if !self.model.manages(&self.unit_name, secret) {
            return Err(format!("{doing}: permission denied"));
        }
        Ok(self.model.secret_mut(id).expect("it was just there"))
    }
}
