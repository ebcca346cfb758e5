use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use juju_types::{Event, StatusKind, StatusValue, UnitName};

use super::progress::{FailedHook, retry_delay};
use super::{Configuration, Leadership, Life, Model, StatusRecord, Unit};
use crate::retry::Retry;
use crate::status_text::StatusText;

/// What the charm was shown when a hook began.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    configuration: Configuration,
    leadership: Leadership,
    /// The version of the relation data that the hook is about.
    relation_data: Option<u64>,
    /// The latest revision of the secret that the hook is about.
    secret_revision: Option<u32>,
}

impl Model {
    /// Sets what Juju itself sets before a hook, and notes what the hook is shown.
    pub(crate) fn begin_hook(&mut self, unit: &UnitName, event: &Event) -> Shown {
        let message = match event {
            Event::Install if self.unit(unit).progress.status_set => None,
            Event::Install => Some("installing charm software"),
            Event::Remove => Some("cleaning up prior to charm deletion"),
            Event::Stop => Some("stopping charm software"),
            _ => None,
        };
        if let Some(message) = message {
            let status = self.status(StatusKind::Maintenance, message);
            self.unit_mut(unit).workload = status;
        }
        let is_interrupted = self.unit(unit).progress.interrupted.is_some();
        if *event == Event::Start && !is_interrupted {
            // It tells of the reboot. One that a reboot has interrupted does not:
            // it is only run again.
            self.unit_mut(unit).progress.rebooted = false;
        }
        self.shown(unit, event)
    }

    fn shown(&mut self, unit: &UnitName, event: &Event) -> Shown {
        let relation_data = self.begin_relation_hook(unit, event);
        let configuration = self.configuration(unit);
        let secret_revision = self.secret_revision(event);
        Shown { configuration, leadership: self.leadership(unit), relation_data, secret_revision }
    }

    /// Notes that a hook has succeeded, and what follows from it.
    pub(crate) fn commit_hook(&mut self, unit: &UnitName, event: &Event, shown: Shown) {
        self.commit_relation_hook(unit, event, shown.relation_data);
        self.commit_storage_hook(unit, event);
        self.commit_secret_hook(unit, event, shown.secret_revision);
        if *event == Event::ConfigChanged && self.has_moved(unit, &shown.configuration) {
            self.update_network_settings(unit);
        }
        let now = self.now;
        let interval = self.update_status_interval;
        let status = |value: StatusValue| Self::status_at(now, value);
        let unit = self.unit_mut(unit);
        let progress = &mut unit.progress;
        progress.failed.take_if(|failed| failed.event == *event);
        progress.queued.take_if(|queued| queued == event);
        progress.interrupted.take_if(|interrupted| interrupted == event);
        match event {
            Event::ConfigChanged => {
                progress.config_seen = Some(shown.configuration);
                if !progress.started {
                    progress.queued = Some(Event::Start);
                }
            }
            Event::Install => progress.installed = true,
            Event::LeaderElected | Event::LeaderSettingsChanged => {
                progress.leadership = Some(shown.leadership);
            }
            Event::Remove => unit.workload = status(StatusValue::Terminated),
            Event::Start => {
                progress.started = true;
                if !interval.is_zero() {
                    progress.next_update_status.get_or_insert(later(now, interval));
                }
                if !progress.status_set {
                    unit.workload = status(StatusValue::Unknown);
                }
            }
            Event::Stop => {
                progress.stopped = true;
                unit.workload = status(StatusKind::Maintenance.into());
            }
            Event::UpdateStatus => progress.update_status_due = false,
            Event::UpgradeCharm => progress.queued = Some(Event::ConfigChanged),
            _ => {}
        }
    }

    /// Notes that a hook has failed: it is to be retried.
    pub(crate) fn fail_hook(&mut self, unit: &UnitName, event: &Event) {
        let now = self.now;
        let progress = &mut self.unit_mut(unit).progress;
        progress.interrupted.take_if(|interrupted| interrupted == event);
        let attempts = progress.failed.as_ref().map_or(0, |failed| failed.attempts) + 1;
        let retry_at = later(now, retry_delay(attempts));
        let event = event.clone();
        progress.failed =
            Some(FailedHook { event, attempts, since: now, retry_at, resolved: None });
    }

    /// Notes that a reboot has interrupted a hook: it is run again.
    pub(crate) fn interrupt_hook(&mut self, unit: &UnitName, event: &Event) {
        let progress = &mut self.unit_mut(unit).progress;
        progress.failed.take_if(|failed| failed.event == *event);
        progress.interrupted = Some(event.clone());
    }

    /// Reboots the machine of a unit: all units on it that have started are to
    /// be told.
    pub(crate) fn reboot(&mut self, unit: &UnitName) {
        let Some(machine) = self.unit(unit).machine.clone() else { return };
        let units = self.units.values().filter(|unit| unit.machine.as_ref() == Some(&machine));
        let units: Vec<UnitName> = units.map(|unit| unit.name.clone()).collect();
        for unit in units {
            let progress = &mut self.unit_mut(&unit).progress;
            progress.rebooted = progress.started;
        }
    }

    /// Passes over a failed hook as if it had succeeded.
    pub(crate) fn skip_hook(&mut self, unit: &UnitName, event: &Event) {
        let shown = self.shown(unit, event);
        self.commit_hook(unit, event, shown);
    }

    /// Says what becomes of a failed hook; tells whether there is one.
    pub(crate) fn resolve(&mut self, unit: &UnitName, retry: Retry) -> bool {
        let failed = self.unit_mut(unit).progress.failed.as_mut();
        failed.map(|failed| failed.resolved = Some(retry)).is_some()
    }

    /// Notes that another charm was unpacked.
    pub(crate) fn commit_upgrade(&mut self, unit: &UnitName) {
        let progress = &mut self.unit_mut(unit).progress;
        progress.upgrade_due = false;
        progress.queued = Some(Event::UpgradeCharm);
    }

    /// Removes a unit, its machine, and its application if that was the last unit.
    pub(crate) fn forget_unit(&mut self, unit: &UnitName) {
        let Some(forgotten) = self.take_unit(unit) else { return };
        self.storage_due.remove(unit);
        if let Some(machine) = forgotten.machine
            && self.unit_names_on(&machine).is_empty()
        {
            self.remove_machine(&machine);
        }
        let joined = self.relations.values().filter(|relation| relation.members.contains_key(unit));
        let joined: Vec<u32> = joined.map(|relation| relation.id).collect();
        for number in joined {
            self.leave_relation(number, unit);
        }
        let successor = self.units_of(unit.application()).next().map(|unit| unit.name.clone());
        self.forget_dead_relations();
        let Some(application) = self.applications.get(unit.application()) else { return };
        if successor.is_none() && application.life == Life::Dying {
            self.forget_application(unit.application());
        } else if application.leader.as_ref() == Some(unit) {
            self.application_of_mut(unit).leader = successor;
        }
        self.forget_secrets_of(unit);
    }

    /// Returns when the next thing comes due by itself.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let due = self.units.values().filter_map(|unit| match &unit.progress.failed {
            Some(failed) => Some(failed.retry_at),
            None => unit.progress.next_update_status,
        });
        due.chain(self.secrets_due()).filter(|due| *due > self.now).min()
    }

    /// Moves the clock forward; update-status comes due with it.
    pub(crate) fn set_clock(&mut self, now: Timestamp) {
        self.now = now;
        self.stir_all();
        let interval = self.update_status_interval;
        let is_due = |unit: &&Unit| unit.progress.next_update_status.is_some_and(|due| due <= now);
        let due = self.units.values().filter(is_due);
        let due: Vec<UnitName> = due.map(|unit| unit.name.clone()).collect();
        for unit in due {
            let progress = &mut self.unit_mut(&unit).progress;
            progress.update_status_due = true;
            while let Some(due) = progress.next_update_status.as_mut().filter(|due| **due <= now) {
                *due = later(*due, interval);
            }
        }
    }

    fn status_at(now: Timestamp, value: StatusValue) -> StatusRecord {
        StatusRecord { text: StatusText::new(value, ""), since: now }
    }
}

/// Adds to a time; the end of time is far away.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}
