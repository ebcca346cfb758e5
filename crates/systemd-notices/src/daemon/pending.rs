//! What is still to be told, as people see it.

use std::collections::BTreeMap;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Sleep;

use crate::active_state::ActiveState;
use crate::daemon::ledger::LedgerFiles;
use crate::daemon::watcher::Watcher;
use crate::systemd_unit_name::SystemdUnitName;

/// The units of which the charm has yet to be told, and what.
pub(crate) type Pending = BTreeMap<SystemdUnitName, Change>;

/// A state that a unit has come to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Change {
    pub(crate) state: ActiveState,
    /// When, in microseconds since 1970.
    pub(crate) microseconds: u64,
}

/// Keeps what is still to be told in a file, for as long as it takes.
///
/// Mostly the charm is told before anybody could look, so the file is written
/// only when something has been waiting for a while.
#[derive(Debug, Default)]
pub(crate) struct PendingNote {
    written: Option<Pending>,
    due: Option<Pin<Box<Sleep>>>,
}

/// How long what is in the file may be out of date.
const DELAY: Duration = Duration::from_secs(1);

impl PendingNote {
    /// Something may be waiting, or be told that was.
    pub(crate) fn expect_change(&mut self, is_waiting: bool) {
        let has_waited = self.written.as_ref().is_none_or(|written| !written.is_empty());
        if self.due.is_none() && (is_waiting || has_waited) {
            self.due = Some(Box::pin(tokio::time::sleep(DELAY)));
        }
    }

    /// Waits until the file is to be written.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(due) = &mut self.due else { return Poll::Pending };
        ready!(due.as_mut().poll(context));
        self.due = None;
        Poll::Ready(())
    }

    /// Brings the file up to date.
    pub(crate) fn write(&mut self, watcher: &Watcher, files: &LedgerFiles) {
        let waits = watcher.iter().filter(|(_, watch)| watch.is_behind());
        let pending: Pending = waits
            .map(|(name, watch)| {
                let (state, microseconds) = (watch.seen.state, watch.seen.microseconds);
                (name.clone(), Change { state, microseconds })
            })
            .collect();
        if self.written.as_ref() != Some(&pending) {
            files.write_pending(&pending);
            self.written = Some(pending);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;
    use crate::daemon::ledger::Ledger;

    async fn is_due(note: &mut PendingNote) -> bool {
        // The clock goes on by itself where everybody waits for it.
        tokio::time::timeout(2 * DELAY, poll_fn(|context| note.poll(context))).await.is_ok()
    }

    #[test]
    fn is_written_when_something_waits_and_when_nothing_does_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let files = LedgerFiles::new(folder.path());
        let name: SystemdUnitName = "web.service".parse().unwrap();
        let mut watcher = Watcher::default();
        watcher.watch(&"web.service web".parse().unwrap(), &Ledger::default());
        watcher.watch_mut(&name).unwrap().is_known = true;
        let mut note = PendingNote::default();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            // An earlier daemon may have left something.
            for (state, is_waiting) in [("inactive", false), ("active", true), ("inactive", false)]
            {
                note.expect_change(is_waiting);
                assert!(is_due(&mut note).await);
                watcher.watch_mut(&name).unwrap().seen.state = state.parse().unwrap();
                note.write(&watcher, &files);
                let pending = files.read().unwrap().pending;
                assert_eq!(pending.contains_key(&name), is_waiting);
            }
            note.expect_change(false);
            assert!(!is_due(&mut note).await);
        });
    }
}
