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
    /// Whether the charm may take the unit as up although it was not told so:
    /// the delivery that said it has ended, and nobody knows how.
    #[serde(default)]
    pub(crate) may_be_up: bool,
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

/// The next thing to tell: the event, and what will have been told with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Step {
    pub(crate) event: NoticeEvent,
    pub(crate) after: Told,
}

impl Step {
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
            (true, false) if self.waits_for_restart(seen, service) => return None,
            (true, false) if service.tells(NoticeEvent::Failed) && seen.has_failed() => {
                NoticeEvent::Failed
            }
            (true, _) => NoticeEvent::Stopped,
            (false, false) if self.is_new_failure(seen, service) => NoticeEvent::Failed,
            (false, false) if self.may_be_up && !self.waits_for_restart(seen, service) => {
                NoticeEvent::Stopped
            }
            (false, false) => return None,
        };
        let is_up = matches!(event, NoticeEvent::Started | NoticeEvent::Restarted);
        // The end belongs to the run that was told as up. Systemd gives a unit
        // the id of its next run while it still says that the unit is down.
        let own = self.invocation.filter(|_| self.is_up && !is_up);
        let invocation = own.or(seen.invocation);
        let after = Self {
            is_up,
            may_be_up: false,
            has_failed: event == NoticeEvent::Failed,
            invocation,
            restarts: seen.restarts,
            microseconds: seen.microseconds,
            state: Some(seen.state),
        };
        Some(Step { event, after })
    }

    /// Tells whether `seen` is known to be another run of the unit than the
    /// one that was told.
    pub(crate) fn is_other_run(&self, seen: &Seen) -> bool {
        matches!((self.invocation, seen.invocation), (Some(told), Some(seen)) if told != seen)
    }

    /// Who asks for restarts gets one event for the end and the start, so the
    /// end waits until it is clear that there is no start. The second attempt
    /// to bring the unit up shows that the first has failed.
    fn waits_for_restart(&self, seen: &Seen, service: &WatchedService) -> bool {
        service.tells(NoticeEvent::Restarted)
            && seen.is_coming_back()
            && seen.restarts <= self.restarts.saturating_add(1)
    }

    /// After `systemctl reset-failed`, the unit is down as it was before.
    fn is_new_failure(&self, seen: &Seen, service: &WatchedService) -> bool {
        service.tells(NoticeEvent::Failed)
            && seen.has_failed()
            && (!self.has_failed || (self.is_other_run(seen) && !seen.has_job))
    }
}
