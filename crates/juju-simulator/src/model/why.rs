//! Why a unit does what it does next.

use juju_types::{Event, UnitName};

use super::{Life, Model, Step, Unit};
use crate::cause::Cause;

impl Model {
    /// Says why a unit takes the step that [`next_step`](Self::next_step) has
    /// found for it.
    pub(crate) fn why(&self, name: &UnitName, step: &Step) -> Cause {
        let unit = self.unit(name);
        match step {
            Step::Action(_) | Step::Command(_) | Step::Skip(_) => Cause::Asked,
            Step::Hook(event) => self.why_hook(unit, event),
            Step::Remove => Cause::UnitRemoved,
            Step::Upgrade => Cause::Refreshed,
        }
    }

    fn why_hook(&self, unit: &Unit, event: &Event) -> Cause {
        let progress = &unit.progress;
        if let Some(failed) = progress.failed.as_ref().filter(|failed| failed.event == *event) {
            return Cause::Retry { failures: failed.attempts };
        }
        if progress.rebooted || progress.interrupted.as_ref() == Some(event) {
            return Cause::Rebooted;
        }
        let follows = |hook: &Event| Cause::Follows { hook: hook.to_string() };
        let unit_goes = unit.life == Life::Dying;
        match event {
            Event::Install => Cause::UnitAdded,
            Event::Start => follows(&Event::ConfigChanged),
            Event::ConfigChanged if progress.queued.as_ref() == Some(event) => {
                follows(&Event::UpgradeCharm)
            }
            Event::ConfigChanged if !progress.started => follows(&Event::Install),
            Event::ConfigChanged => Cause::ConfigChanged { options: self.new_options(unit) },
            Event::UpgradeCharm => Cause::Refreshed,
            Event::LeaderElected | Event::LeaderSettingsChanged => Cause::LeaderChanged,
            Event::RelationCreated(_) => Cause::Related,
            Event::RelationJoined { unit, .. } => Cause::UnitJoined { unit: unit.to_string() },
            Event::RelationChanged { relation, unit: Some(remote) } => {
                let known = progress.relations.get(&relation.id.number());
                match known.and_then(|known| known.members.get(remote)) {
                    Some(Some(_)) => Cause::DataChanged { by: remote.to_string() },
                    _ => Cause::Follows { hook: format!("{}-relation-joined", relation.endpoint) },
                }
            }
            Event::RelationChanged { relation, unit: None } => {
                let by = relation.application.as_ref().map(ToString::to_string);
                Cause::DataChanged { by: by.unwrap_or_default() }
            }
            Event::RelationDeparted { .. } | Event::RelationBroken(_) | Event::Stop
                if unit_goes =>
            {
                Cause::UnitRemoved
            }
            Event::RelationDeparted { relation, unit: remote, .. } => {
                let relation = self.relations.get(&relation.id.number());
                match relation {
                    Some(relation) if relation.life == Life::Alive => {
                        Cause::UnitLeft { unit: remote.to_string() }
                    }
                    _ => Cause::RelationRemoved,
                }
            }
            Event::RelationBroken(_) => Cause::RelationRemoved,
            Event::Stop | Event::Remove => Cause::UnitRemoved,
            Event::SecretChanged(_) | Event::SecretRemove { .. } => Cause::SecretChanged,
            Event::StorageAttached(_) | Event::StorageDetaching(_) => Cause::Storage,
            _ => Cause::Due,
        }
    }

    /// Returns the options whose values the unit has not seen yet.
    fn new_options(&self, unit: &Unit) -> Vec<String> {
        let now = self.application_of(&unit.name).config.values();
        let seen = unit.progress.config_seen.as_ref();
        let is_new =
            |(key, value): &(String, _)| seen.is_none_or(|seen| seen.option(key) != Some(value));
        now.into_iter().filter(is_new).map(|(key, _)| key).collect()
    }
}
