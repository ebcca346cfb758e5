//! Events that Juju could not run in a state.

use juju_types::{Event, RelationContext, RelationRole, SecretContext, StorageContext, UnitName};

use super::Check;
use crate::unit_state::relation_state::RelationState;
use crate::unit_state::secret_state::SecretState;

impl<'a> Check<'a> {
    pub(super) fn event(&mut self, event: &Event) {
        let (version, is_leader) = (self.version, self.state.is_leader());
        let mut require = |holds: bool, reason: &str| {
            if !holds {
                self.faults.push(format!("{event}: {reason}"));
            }
        };
        let gone = format!("Juju {version} has no such hook");
        match event {
            Event::Action(_) => require(false, "it is an action and no hook: run it as one"),
            Event::CollectMetrics | Event::MeterStatusChanged => {
                require(version.has_metering(), &gone);
            }
            Event::LeaderElected => require(is_leader, "the unit is not the leader"),
            Event::LeaderSettingsChanged => {
                require(version.has_leader_settings(), &gone);
                require(!is_leader, "the unit is the leader, and nobody tells it");
            }
            Event::PebbleCheckFailed { .. }
            | Event::PebbleCheckRecovered { .. }
            | Event::PebbleCustomNotice { .. }
            | Event::PebbleReady(_) => require(false, "units on machines have no containers"),
            Event::PostSeriesUpgrade | Event::PreSeriesUpgrade { .. } => {
                require(version.has_series_upgrade(), &gone);
            }
            Event::SecretChanged(_) | Event::SecretRemove { .. } => {
                require(version.has_secrets(), &gone);
            }
            Event::SecretExpired { .. } | Event::SecretRotate(_) => {
                require(version.has_secret_rotation(), &gone);
            }
            _ => {}
        }
        self.subject(event);
    }

    /// Checks that what the event is about is there.
    fn subject(&mut self, event: &Event) {
        match event {
            Event::RelationBroken(relation) => self.relation_broken(event, relation),
            Event::RelationChanged { relation, unit: Some(unit) }
            | Event::RelationJoined { relation, unit } => self.member(event, relation, unit),
            Event::RelationChanged { relation, unit: None } | Event::RelationCreated(relation) => {
                self.relation(event, relation);
            }
            Event::RelationDeparted { relation, unit, departing } => {
                self.relation_departed(event, relation, unit, departing.as_ref());
            }
            Event::SecretChanged(secret) => self.secret_changed(event, secret),
            Event::SecretExpired { secret, revision }
            | Event::SecretRemove { secret, revision } => {
                self.secret_revision(event, secret, *revision);
            }
            Event::SecretRotate(secret) => {
                if let Some(secret) = self.managed_secret(event, secret)
                    && secret.rotate.is_none()
                {
                    let id = secret.id().id();
                    self.fault(format!("{event}: the secret {id} is not to be renewed"));
                }
            }
            Event::StorageAttached(storage) | Event::StorageDetaching(storage) => {
                self.storage_event(event, storage);
            }
            _ => {}
        }
    }

    fn is_peer(&self, relation: &RelationContext) -> bool {
        let defined = self.charm.metadata().endpoint(&relation.endpoint);
        defined.is_some_and(|defined| defined.role == RelationRole::Peer)
    }

    fn relation(&mut self, event: &Event, context: &RelationContext) -> Option<&'a RelationState> {
        let number = context.id.number();
        let found = self.state.0.relations.iter().find(|relation| relation.id == number);
        match found {
            None => {
                self.fault(format!("{event}: the unit is in no relation {}", context.id));
                None
            }
            Some(relation) if relation.endpoint != context.endpoint => {
                let (id, endpoint) = (relation.id(), &context.endpoint);
                self.fault(format!("{event}: the relation {id} is not one of `{endpoint}`"));
                None
            }
            Some(relation) => {
                let own = self.state.unit().application();
                let remote = relation.application().unwrap_or(own);
                if context.application.as_ref().is_some_and(|stated| stated != remote) {
                    let id = relation.id();
                    self.fault(format!("{event}: the relation {id} is one with `{remote}`"));
                }
                Some(relation)
            }
        }
    }

    fn member(&mut self, event: &Event, context: &RelationContext, unit: &UnitName) {
        if let Some(relation) = self.relation(event, context)
            && !relation.units().any(|member| member == unit)
        {
            self.fault(format!("{event}: {unit} is not in the relation {}", relation.id()));
        }
    }

    fn relation_departed(
        &mut self,
        event: &Event,
        context: &RelationContext,
        unit: &UnitName,
        departing: Option<&UnitName>,
    ) {
        let Some(relation) = self.relation(event, context) else { return };
        if !relation.remote_units.contains_key(unit) {
            self.fault(format!("{event}: {unit} was never in the relation {}", relation.id()));
        }
        let own = self.state.unit();
        if let Some(departing) =
            departing.filter(|departing| *departing != unit && *departing != own)
        {
            self.fault(format!("{event}: it is {unit} or {own} that departs, and not {departing}"));
        }
    }

    fn relation_broken(&mut self, event: &Event, context: &RelationContext) {
        let is_peer = self.is_peer(context);
        let Some(relation) = self.relation(event, context) else { return };
        if is_peer {
            self.fault(format!(
                "{event}: a relation of peers ends with the unit, without any hook"
            ));
        }
        let left: Vec<String> = relation.units().map(ToString::to_string).collect();
        if !left.is_empty() {
            self.fault(format!(
                "{event}: {} must have departed before, see `RelationState::without_unit`",
                left.join(", ")
            ));
        }
    }

    fn secret(&mut self, event: &Event, context: &SecretContext) -> Option<&'a SecretState> {
        let found = self.state.0.secrets.iter().find(|secret| *secret.id() == context.id);
        if found.is_none() {
            self.fault(format!("{event}: the unit knows no secret {}", context.id.id()));
        }
        found
    }

    fn is_managed(&self, secret: &SecretState) -> bool {
        secret.is_managed_by(self.state.unit(), self.state.is_leader())
    }

    fn managed_secret(
        &mut self,
        event: &Event,
        context: &SecretContext,
    ) -> Option<&'a SecretState> {
        let secret = self.secret(event, context)?;
        if !self.is_managed(secret) {
            let (id, owner) = (secret.id().id(), &secret.owner);
            self.fault(format!(
                "{event}: the secret {id} is that of `{owner}`, and no business of this unit"
            ));
            return None;
        }
        Some(secret)
    }

    fn secret_changed(&mut self, event: &Event, context: &SecretContext) {
        let Some(secret) = self.secret(event, context) else { return };
        let id = secret.id().id();
        if self.is_managed(secret) {
            self.fault(format!("{event}: the unit itself changes the secret {id}"));
            return;
        }
        match secret.tracked_revision() {
            None => self.fault(format!("{event}: the unit has never read the secret {id}")),
            Some(tracked) if tracked >= secret.revision() => {
                self.fault(format!(
                    "{event}: the secret {id} has nothing newer than revision {tracked}"
                ));
            }
            Some(_) => {}
        }
    }

    fn secret_revision(&mut self, event: &Event, context: &SecretContext, revision: u32) {
        let Some(secret) = self.managed_secret(event, context) else { return };
        let id = secret.id().id();
        let known = secret.revisions.iter().find(|known| known.revision == revision);
        let reason = match (event, known) {
            (_, None) => "is not there",
            (Event::SecretRemove { .. }, _) if revision == secret.revision() => "is the latest",
            (Event::SecretExpired { .. }, Some(known)) if known.expire.is_none() => "never expires",
            _ => return,
        };
        self.fault(format!("{event}: revision {revision} of the secret {id} {reason}"));
    }

    fn storage_event(&mut self, event: &Event, context: &StorageContext) {
        if !self.charm.metadata().storage.contains_key(&context.name) {
            self.undefined(&event.to_string(), "storage", context.name.as_str());
        } else if let Some(id) = &context.id {
            if !self.state.0.storage.iter().any(|storage| storage.id() == id) {
                self.fault(format!("{event}: the unit has no storage {id}"));
            }
        } else {
            self.fault(format!("{event}: it must be said which storage is meant"));
        }
    }
}
