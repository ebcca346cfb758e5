//! What the charm has been told of a unit.

use serde::{Deserialize, Serialize};

use crate::active_state::ActiveState;
use crate::daemon::seen::Seen;
use crate::invocation_id::InvocationId;
use crate::notice_event::NoticeEvent;
use crate::watched_service::WatchedService;

/// What the charm has been told of a unit.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Told {
    /// Whether the unit is up. A unit of which nothing was told is down.
    pub(crate) is_up: bool,
    /// What the charm may have heard besides.
    #[serde(default)]
    pub(crate) rumour: Option<Rumour>,
    /// Whether it has failed. Only set where the charm has asked for failures.
    pub(crate) has_failed: bool,
    /// The run of the unit that this was about.
    pub(crate) invocation: Option<InvocationId>,
    /// The number of automatic restarts then.
    pub(crate) restarts: u32,
    /// When the state changed, in microseconds since 1970.
    pub(crate) microseconds: u64,
    /// The state then; `None` as long as nothing was told.
    pub(crate) state: Option<ActiveState>,
}

/// A start that the charm may have heard of: its delivery has ended, and nobody
/// knows how.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Rumour {
    /// The run that was started.
    pub(crate) invocation: Option<InvocationId>,
}

/// The next thing to tell: the event, and what will have been told with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Step {
    pub(crate) event: NoticeEvent,
    pub(crate) after: Told,
}

impl Step {
    /// Tells of `event` in the run `invocation` when the unit is `seen` so.
    pub(crate) fn new(event: NoticeEvent, invocation: Option<InvocationId>, seen: &Seen) -> Self {
        let after = Told {
            is_up: matches!(event, NoticeEvent::Started | NoticeEvent::Restarted),
            rumour: None,
            has_failed: event == NoticeEvent::Failed,
            invocation,
            restarts: seen.restarts,
            microseconds: seen.microseconds,
            state: Some(seen.state),
        };
        Self { event, after }
    }

    /// Returns how many times the unit has come up or gone down in this step.
    pub(crate) fn changes(&self) -> u32 {
        if self.event == NoticeEvent::Restarted { 2 } else { 1 }
    }
}

impl Told {
    /// Returns what to tell next so that the charm comes to know what is
    /// `seen`, or `None` if it knows.
    ///
    /// One step never skips another: of a unit that was told as up and is up
    /// in another run, the end of the first run is told, and then the start of
    /// the second.
    pub(crate) fn next_step(&self, seen: &Seen, service: &WatchedService) -> Option<Step> {
        let event = match (self.is_up, seen.is_up()?) {
            (false, true) => NoticeEvent::Started,
            (true, true) if !self.is_other_run(seen) => return None,
            (true, true) if service.tells(NoticeEvent::Restarted) => NoticeEvent::Restarted,
            (false, false) if self.rumour.is_none() && !self.is_new_failure(seen, service) => {
                return None;
            }
            (false, false) if self.rumour.is_none() => NoticeEvent::Failed,
            (_, false) if self.waits_for_restart(seen, service) => return None,
            // What has failed in another run than that which ends here is told
            // next.
            (_, false)
                if service.tells(NoticeEvent::Failed)
                    && seen.has_failed()
                    && !differ(self.run_that_ends(), seen.invocation) =>
            {
                NoticeEvent::Failed
            }
            (true, true) | (_, false) => NoticeEvent::Stopped,
        };
        let is_end = matches!(event, NoticeEvent::Failed | NoticeEvent::Stopped);
        // Systemd gives a unit the id of its next run while it still says that
        // the unit is down.
        let own = self.run_that_ends().filter(|_| is_end);
        Some(Step::new(event, own.or(seen.invocation), seen))
    }

    /// Tells whether `seen` is known to be another run of the unit than the
    /// one that was told.
    pub(crate) fn is_other_run(&self, seen: &Seen) -> bool {
        differ(self.invocation, seen.invocation)
    }

    /// Returns the last run of which the charm may believe that it lasts.
    fn run_that_ends(&self) -> Option<InvocationId> {
        let rumoured = self.rumour.and_then(|rumour| rumour.invocation);
        rumoured.or(self.invocation.filter(|_| self.is_up))
    }

    /// Who asks for restarts gets one event for the end and the start, so the
    /// end waits until it is clear that there is no start. The second attempt
    /// to bring the unit up shows that the first has failed.
    fn waits_for_restart(&self, seen: &Seen, service: &WatchedService) -> bool {
        service.tells(NoticeEvent::Restarted)
            && seen.is_coming_back()
            && seen.restarts <= self.restarts.saturating_add(1)
    }

    /// After `systemctl reset-failed`, the unit is down as it was before. That
    /// systemd has given up is news: before, it was about to start the unit
    /// again.
    fn is_new_failure(&self, seen: &Seen, service: &WatchedService) -> bool {
        let is_other_run = self.is_other_run(seen) && !seen.has_job;
        let is_given_up =
            seen.state == ActiveState::Failed && self.state == Some(ActiveState::Activating);
        service.tells(NoticeEvent::Failed)
            && seen.has_failed()
            && (!self.has_failed || is_other_run || is_given_up)
    }
}

/// Tells whether these are known to be two runs.
fn differ(one: Option<InvocationId>, other: Option<InvocationId>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}
