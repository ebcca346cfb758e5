//! Finding in a state what an event is about.

use std::collections::BTreeMap;

use juju_types::{Charm, Event};

use super::{Named, UnitEvent, What};
use crate::state_faults::StateFaults;
use crate::unit_state::{RelationState, SecretState, StorageState, UnitState};

impl UnitEvent {
    /// Makes the event of it that Juju would run in a state.
    pub(crate) fn resolve(&self, state: &UnitState, charm: &Charm) -> Result<Event, StateFaults> {
        match &self.0 {
            What::Event(event) => Ok(event.clone()),
            What::Custom(name) => match name.parse() {
                Ok(name) => Ok(Event::Custom(name)),
                Err(error) => Err(StateFaults::one(error.to_string())),
            },
            What::Named(named) => named
                .resolve(state, charm)
                .map_err(|reason| StateFaults::one(format!("{}: {reason}", named.hook))),
        }
    }
}

/// The variables by which Juju says what an event is about.
type Variables = BTreeMap<&'static str, String>;

/// Each method says by an error what is not clear.
impl Named {
    fn resolve(&self, state: &UnitState, charm: &Charm) -> Result<Event, String> {
        let hook = &self.hook;
        let mut variables = if let Some((endpoint, what)) = hook.rsplit_once("-relation-") {
            if !is_endpoint(charm, endpoint) {
                return Err(format!("the charm `{}` has no endpoint `{endpoint}`", charm.name()));
            }
            self.about_relation(state, endpoint, what)?
        } else if hook.starts_with("secret-") {
            self.about_secret(state)?
        } else if let Some((name, _)) = hook.rsplit_once("-storage-") {
            self.about_storage(state, name)?
        } else if hook.contains("-pebble-") {
            return Err("units on machines have no containers".to_owned());
        } else {
            Variables::new()
        };
        variables.insert("JUJU_DISPATCH_PATH", format!("hooks/{hook}"));
        match Event::from_variables(&variables) {
            Ok(Some(Event::Custom(_)) | None) => {
                Err("Juju has no such hook; one that is made up is a `UnitEvent::custom`"
                    .to_owned())
            }
            Ok(Some(event)) => Ok(event),
            Err(faults) => Err(faults.to_string()),
        }
    }

    fn about_relation(
        &self,
        state: &UnitState,
        endpoint: &str,
        what: &str,
    ) -> Result<Variables, String> {
        let relation = if let Some(id) = &self.relation {
            state.relation(id).ok_or_else(|| format!("the unit is in no relation {id}"))?
        } else {
            only("relation", state.relations_of(endpoint), RelationState::id)?
        };
        let remote = relation.application().unwrap_or(state.unit().application());
        let mut variables = Variables::from([
            ("JUJU_RELATION", endpoint.to_owned()),
            ("JUJU_RELATION_ID", relation.id().to_string()),
            ("JUJU_REMOTE_APP", remote.to_string()),
        ]);
        if ["changed", "departed", "joined"].contains(&what)
            && let Some(unit) = self.remote_unit(relation, what)?
        {
            let departing = self.departing.as_ref().unwrap_or(&unit).clone();
            variables.extend([("JUJU_REMOTE_UNIT", unit), ("JUJU_DEPARTING_UNIT", departing)]);
        }
        Ok(variables)
    }

    /// Returns the remote unit that is meant, or nothing for the application.
    fn remote_unit(&self, relation: &RelationState, what: &str) -> Result<Option<String>, String> {
        let is_of_application = what == "changed" && relation.units().next().is_none();
        match &self.unit {
            _ if self.is_of_application => Ok(None),
            Some(unit) => Ok(Some(unit.clone())),
            None if is_of_application => Ok(None),
            None => {
                let what = format!("unit of {}", relation.id());
                let unit = only(&what, relation.units(), ToString::to_string)?;
                Ok(Some(unit.to_string()))
            }
        }
    }

    fn about_secret(&self, state: &UnitState) -> Result<Variables, String> {
        let is_change = self.hook == "secret-changed";
        let secret = if let Some(text) = &self.secret {
            state.secret(text).ok_or_else(|| format!("the unit knows no secret {text}"))?
        } else {
            // Those who may change a secret are not told that it has changed.
            let fits = |secret: &&SecretState| {
                secret.is_managed_by(state.unit(), state.is_leader()) != is_change
            };
            only("secret", state.secrets().iter().filter(fits), |secret| secret.id().id())?
        };
        let label = if is_change { secret.reader_label() } else { secret.label() };
        let mut variables = Variables::from([
            ("JUJU_SECRET_ID", format!("secret:{}", secret.id().id())),
            ("JUJU_SECRET_LABEL", label.to_owned()),
        ]);
        let revision = match self.hook.as_str() {
            "secret-expired" => Some(secret.revision()),
            // What can be removed is what came before.
            "secret-remove" => Some(secret.revision().saturating_sub(1).max(1)),
            _ => None,
        };
        if let Some(revision) = revision {
            let revision = self.revision.unwrap_or(revision);
            variables.insert("JUJU_SECRET_REVISION", revision.to_string());
        }
        Ok(variables)
    }

    fn about_storage(&self, state: &UnitState, name: &str) -> Result<Variables, String> {
        let instances = state.storage().iter().filter(|storage| {
            storage.id().name().as_str() == name
                && self.storage.as_ref().is_none_or(|id| *id == storage.id().to_string())
        });
        let storage = only("storage", instances, StorageState::id)?;
        let mut variables = Variables::from([("JUJU_STORAGE_ID", storage.id().to_string())]);
        if let Some(kind) = storage.kind() {
            variables.insert("JUJU_STORAGE_KIND", kind.to_string());
        }
        if let Some(location) = storage.location() {
            variables.insert("JUJU_STORAGE_LOCATION", location.display().to_string());
        }
        Ok(variables)
    }
}

/// Every application has `juju-info`.
fn is_endpoint(charm: &Charm, name: &str) -> bool {
    let mut endpoints = charm.metadata().endpoints();
    name == "juju-info" || endpoints.any(|(endpoint, _)| endpoint.as_str() == name)
}

/// Returns the only one of `things`.
fn only<'a, T, N: ToString>(
    what: &str,
    things: impl Iterator<Item = &'a T>,
    name: impl Fn(&'a T) -> N,
) -> Result<&'a T, String> {
    let things: Vec<&T> = things.collect();
    match things[..] {
        [thing] => Ok(thing),
        [] => Err(format!("there is no {what} that this could be about")),
        _ => {
            let names: Vec<String> = things.iter().map(|thing| name(thing).to_string()).collect();
            Err(format!("say which {what} is meant: {}", names.join(", ")))
        }
    }
}
