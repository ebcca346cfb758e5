use juju_types::{Event, UnitName};

use super::storage::storage_event;
use super::{Leadership, Life, Model};
use crate::retry::Retry;

/// What a unit's agent does next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Run the action of that task.
    Action(u32),
    /// Run what `juju-exec` has asked for under that number.
    Command(u32),
    /// Run a hook.
    Hook(Event),
    /// Be gone: there is nothing left to run.
    Remove,
    /// Pass over a failed hook as if it had succeeded.
    Skip(Event),
    /// Unpack another charm.
    Upgrade,
}

impl Model {
    /// Decides what a unit's agent does next, if there is anything to do now.
    pub(crate) fn next_step(&self, unit: &UnitName) -> Option<Step> {
        let unit = self.units.get(unit).filter(|unit| !unit.is_extra)?;
        let progress = &unit.progress;
        let action = progress.actions.front().map(|id| Step::Action(*id));
        let request = action.or_else(|| progress.commands.front().map(|id| Step::Command(*id)));
        if let Some(failed) = &progress.failed {
            // Actions and juju-exec run even then; other hooks wait.
            let is_over = failed.event == Event::LeaderElected && !self.is_leader(&unit.name);
            return request.or_else(|| match failed.resolved {
                // Another unit has become the leader in the meantime.
                Some(Retry::Yes) if is_over => Some(Step::Skip(failed.event.clone())),
                None if is_over && self.now >= failed.retry_at => {
                    Some(Step::Skip(failed.event.clone()))
                }
                Some(Retry::No) => Some(Step::Skip(failed.event.clone())),
                Some(Retry::Yes) => Some(Step::Hook(failed.event.clone())),
                None if self.now >= failed.retry_at => Some(Step::Hook(failed.event.clone())),
                None => None,
            });
        }
        let queued = progress.interrupted.as_ref().or(progress.queued.as_ref());
        let storage = storage_event(unit).filter(|_| queued.is_none());
        if !progress.installed {
            if let Some(event) = storage.filter(|_| unit.life == Life::Alive) {
                return Some(Step::Hook(event));
            }
            return Some(match unit.life {
                Life::Alive => Step::Hook(Event::Install),
                Life::Dying => Step::Remove,
            });
        }
        if progress.rebooted && progress.interrupted.is_none() {
            return Some(Step::Hook(Event::Start));
        }
        // What is queued comes right after what it follows from.
        if queued.is_none()
            && let Some(event) = self.relation_created_event(unit)
        {
            return Some(Step::Hook(event));
        }
        if unit.life == Life::Alive
            && let Some(event) = self.leadership_event(&unit.name)
        {
            return Some(Step::Hook(event));
        }
        if let Some(event) = self.secret_event(&unit.name) {
            return Some(Step::Hook(event));
        }
        if request.is_some() {
            return request;
        }
        if let Some(event) = storage {
            return Some(Step::Hook(event));
        }
        if let Some(event) = queued {
            return Some(Step::Hook(event.clone()));
        }
        if unit.life == Life::Dying {
            if let Some(event) = self.relation_event(unit) {
                return Some(Step::Hook(event));
            }
            let stop_is_due = progress.started && !progress.stopped;
            if !stop_is_due && self.has_subordinates(&unit.name) {
                return None;
            }
            return Some(Step::Hook(if stop_is_due { Event::Stop } else { Event::Remove }));
        }
        if progress.upgrade_due {
            return Some(Step::Upgrade);
        }
        if progress.config_seen.as_ref() != Some(&self.configuration(&unit.name)) {
            return Some(Step::Hook(Event::ConfigChanged));
        }
        if let Some(event) = self.relation_event(unit) {
            return Some(Step::Hook(event));
        }
        progress.update_status_due.then_some(Step::Hook(Event::UpdateStatus))
    }

    /// Returns how the leadership stands now.
    pub(crate) fn leadership(&self, unit: &UnitName) -> Leadership {
        let settings_version = self.application_of(unit).leader_settings_version;
        Leadership { is_leader: self.is_leader(unit), settings_version }
    }

    fn leadership_event(&self, unit: &UnitName) -> Option<Event> {
        let told = self.unit(unit).progress.leadership;
        let now = self.leadership(unit);
        if now.is_leader {
            let was_leader = told.is_some_and(|told| told.is_leader);
            return (!was_leader).then_some(Event::LeaderElected);
        }
        let is_news = told != Some(now) && self.version.has_leader_settings();
        is_news.then_some(Event::LeaderSettingsChanged)
    }
}
