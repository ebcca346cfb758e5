//! One unit that is watched.

use tokio::time::Instant;

use crate::daemon::ledger::Ledger;
use crate::daemon::pace::Pace;
use crate::daemon::passage::Passage;
use crate::daemon::seen::Seen;
use crate::daemon::told::{Rumour, Step, Told};
use crate::invocation_id::InvocationId;
use crate::notice::Notice;
use crate::systemd_unit_name::SystemdUnitName;
use crate::watched_service::WatchedService;
use crate::word::Word;

/// How often the charm is told one thing that its handler fails on.
const MOST_ATTEMPTS: u32 = 3;

/// One unit that is watched: what systemd says of it, what the charm knows.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) service: WatchedService,
    /// The name that systemd knows the unit by. It is another than that of
    /// `service` if that is an alias.
    pub(crate) unit: SystemdUnitName,
    pub(crate) seen: Seen,
    pub(crate) told: Told,
    /// Whether systemd has said everything that a notice tells.
    pub(crate) is_known: bool,
    pace: Pace,
    passage: Passage,
    attempt: Option<Attempt>,
}

/// A step that is being told, or that the charm's handler has failed on.
#[derive(Debug)]
struct Attempt {
    step: Step,
    id: Word,
    /// Whether it leaves something out, whatever is seen: it follows one that
    /// the charm may have heard of, or another daemon has said so.
    is_merged: bool,
    /// Whether its delivery has ended, and nobody knows how.
    is_doubtful: bool,
    /// The run that was seen when it was last told.
    seen_run: Option<InvocationId>,
    failures: u32,
}

impl Watch {
    /// Watches `service`, of which the charm was `told`.
    pub(crate) fn new(service: WatchedService, told: Told) -> Self {
        Self {
            unit: service.unit().clone(),
            service,
            seen: Seen::nothing(),
            is_known: false,
            pace: Pace::new(),
            passage: Passage::new(&told),
            told,
            attempt: None,
        }
    }

    /// Watches `service` where `ledger` ends.
    pub(crate) fn resumed(service: WatchedService, ledger: &Ledger) -> Self {
        let name = service.unit().clone();
        let mut watch = Self::new(service, ledger.told.get(&name).cloned().unwrap_or_default());
        if let Some(record) = ledger.delivery.as_ref().filter(|record| record.notice.unit == name) {
            watch.resume(&record.notice, record.after.clone());
        }
        watch
    }

    /// Takes the step of `notice`, whose delivery has begun before the unit was
    /// watched here, as one that has this id. It may not have been the first,
    /// and nobody knows how the others have ended.
    fn resume(&mut self, notice: &Notice, after: Told) {
        let step = Step { event: notice.event, after };
        self.passage = Passage::resume(&self.told, step.changes(), notice.merged);
        let attempt = Attempt::new(step, notice.id.clone(), notice.merged);
        self.attempt = Some(Attempt { is_doubtful: true, ..attempt });
    }

    /// `seen` has changed.
    pub(crate) fn note(&mut self) {
        self.passage.note(&self.seen);
    }

    /// Returns until when there is to wait with the next notice, if there is
    /// one and it has to wait.
    pub(crate) fn rests_until(&self) -> Option<Instant> {
        self.pace.rests_until().filter(|_| self.next_step().is_some())
    }

    /// Returns the next notice and what will have been told with it. Whatever
    /// was to be told before and is no longer true is left out. `new_id` names
    /// it unless it repeats an attempt.
    pub(crate) fn next_notice(&mut self, new_id: impl FnOnce() -> Word) -> Option<(Notice, Told)> {
        let step = self.next_step()?;
        let attempt = match self.attempt.take() {
            Some(attempt) if attempt.is_about_the_same(&step) => {
                let is_asked_again = attempt.is_of_run(&step, &self.seen);
                let failures = if is_asked_again { attempt.failures } else { 0 };
                Attempt { step, seen_run: self.seen.invocation, failures, ..attempt }
            }
            _ => {
                let is_merged = self.told.rumour.is_some();
                Attempt {
                    seen_run: self.seen.invocation,
                    ..Attempt::new(step, new_id(), is_merged)
                }
            }
        };
        let after = attempt.step.after.clone();
        let told = attempt.step.changes();
        let left = u32::from(self.seen.is_up() != Some(after.is_up));
        let notice = Notice {
            alias: self.service.alias().clone(),
            event: attempt.step.event,
            id: attempt.id.clone(),
            invocation: after.invocation,
            main_exit: self.seen.main_exit(),
            merged: self.passage.begin(told, left) || attempt.is_merged,
            restarts: self.seen.restarts,
            result: self.seen.result.clone(),
            state: self.seen.state,
            state_before: self.told.state,
            sub_state: self.seen.sub_state.clone(),
            microseconds: self.seen.microseconds,
            unit: self.service.unit().clone(),
        };
        self.attempt = Some(attempt);
        Some((notice, after))
    }

    /// The charm has been told `after`.
    pub(crate) fn delivered(&mut self, after: Told) {
        self.told = after;
        self.attempt = None;
        self.pace.delivered();
        self.passage.end(&self.told);
    }

    /// The charm's handler has failed.
    pub(crate) fn refused(&mut self) {
        self.pace.refused();
        if let Some(attempt) = &mut self.attempt {
            attempt.is_doubtful = false;
            attempt.failures += 1;
        }
    }

    /// A delivery has ended, and nobody knows how. Returns whether that changes
    /// what the charm was told.
    pub(crate) fn unanswered(&mut self) -> bool {
        let Some(attempt) = &mut self.attempt else { return false };
        attempt.is_doubtful = true;
        let Told { is_up, invocation, .. } = attempt.step.after;
        let before = self.told.rumour;
        self.told.rumour = is_up.then_some(Rumour { invocation }).or(before);
        self.told.rumour != before
    }

    /// Tells whether the charm has yet to be told something, be it that it has
    /// failed on that too often.
    pub(crate) fn is_behind(&self) -> bool {
        self.step().is_some()
    }

    /// A step that the charm has failed on too often is not told again before
    /// the next run. A charm that reloads the unit each time and fails would be
    /// asked for ever.
    fn next_step(&self) -> Option<Step> {
        let step = self.step()?;
        let is_refused = |attempt: &Attempt| {
            attempt.failures >= MOST_ATTEMPTS
                && attempt.is_about_the_same(&step)
                && attempt.is_of_run(&step, &self.seen)
        };
        (!self.attempt.as_ref().is_some_and(is_refused)).then_some(step)
    }

    /// An end that the charm may have heard of is told again, whatever has
    /// become of the unit: under another name, it would be another end.
    fn step(&self) -> Option<Step> {
        let next = || self.told.next_step(&self.seen, &self.service);
        let step = || match &self.attempt {
            Some(Attempt { step, is_doubtful: true, .. }) if !step.after.is_up => {
                Some(Step::new(step.event, step.after.invocation, &self.seen))
            }
            _ => next(),
        };
        self.is_known.then(step)?
    }
}

impl Attempt {
    fn new(step: Step, id: Word, is_merged: bool) -> Self {
        Self { step, id, is_merged, is_doubtful: false, seen_run: None, failures: 0 }
    }

    /// Tells whether the unit is in the run in which it was when this was last
    /// told. Where systemd does not number the runs, each change may be one.
    fn is_of_run(&self, step: &Step, seen: &Seen) -> bool {
        self.seen_run == seen.invocation && (self.seen_run.is_some() || self.step == *step)
    }

    fn is_about_the_same(&self, step: &Step) -> bool {
        self.step.event == step.event && self.step.after.invocation == step.after.invocation
    }
}

#[cfg(test)]
mod tests;
