use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use juju_types::{Event, StorageId};

use super::configuration::Configuration;
use super::relation_hooks::RelationProgress;
use crate::retry::Retry;

/// How far a unit's agent has come: what it has run, and what it has yet to run.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the agent's state")]
pub(crate) struct Progress {
    pub(crate) installed: bool,
    pub(crate) started: bool,
    pub(crate) stopped: bool,
    /// The charm has set a status in a hook that succeeded.
    pub(crate) status_set: bool,
    /// The machine was rebooted, and the charm does not know yet.
    pub(crate) rebooted: bool,
    /// Another charm is to be unpacked.
    pub(crate) upgrade_due: bool,
    pub(crate) update_status_due: bool,
    pub(crate) next_update_status: Option<Timestamp>,
    /// A hook that comes before all other hooks.
    pub(crate) queued: Option<Event>,
    /// A hook that a reboot has interrupted, and that is run again.
    pub(crate) interrupted: Option<Event>,
    pub(crate) failed: Option<FailedHook>,
    /// What the charm was last told about its leadership.
    pub(crate) leadership: Option<Leadership>,
    /// What the last config-changed has seen.
    pub(crate) config_seen: Option<Configuration>,
    /// The relations whose relation-created has run, by their numbers.
    pub(crate) relations: BTreeMap<u32, RelationProgress>,
    /// The storage whose storage-attached has run.
    pub(crate) storage: BTreeSet<StorageId>,
    /// The numbers of tasks, the next one first.
    pub(crate) actions: VecDeque<u32>,
    /// The numbers of what `juju-exec` has asked for, the next one first.
    pub(crate) commands: VecDeque<u32>,
}

/// A hook that has failed, and blocks all others until it succeeds.
#[derive(Clone, Debug)]
pub(crate) struct FailedHook {
    pub(crate) event: Event,
    pub(crate) attempts: u32,
    /// When it has last failed.
    pub(crate) since: Timestamp,
    pub(crate) retry_at: Timestamp,
    /// What the user has said to do.
    pub(crate) resolved: Option<Retry>,
}

/// Which unit a charm believes to be the leader, and which settings it has seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Leadership {
    pub(crate) is_leader: bool,
    pub(crate) settings_version: u64,
}

/// Returns how long the agent waits before it retries a hook that has failed
/// `attempts` times, 1 or more: 5 seconds, then twice as long each time, up to
/// 5 minutes.
pub(crate) fn retry_delay(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(6);
    Duration::from_secs(5 << doublings).min(Duration::from_mins(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_twice_as_long_each_time_up_to_five_minutes() {
        let delays: Vec<u64> = (1..=9).map(|attempts| retry_delay(attempts).as_secs()).collect();
        assert_eq!(delays, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
    }
}
