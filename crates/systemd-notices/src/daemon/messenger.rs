//! Tells the charm what there is to tell, one notice at a time.

use std::error::Error as _;
use std::fs::File;
use std::future::Future;
use std::io::Read as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;

use crate::daemon::backoff::Backoff;
use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::held::Held;
use crate::daemon::journal::Journal;
use crate::daemon::ledger::{DeliveryRecord, Ledger, LedgerError, LedgerFiles};
use crate::daemon::pending::PendingNote;
use crate::daemon::queue::Queue;
use crate::daemon::watcher::Watcher;
use crate::notice::Notice;
use crate::systemd_unit_name::SystemdUnitName;
use crate::word::Word;

/// Tells the charm what there is to tell, one notice at a time, and keeps the
/// ledger.
pub(crate) struct Messenger {
    delivery: Arc<dyn Delivery>,
    file: LedgerFiles,
    ledger: Ledger,
    /// Whether the ledger on disk is older than this one.
    is_unsaved: bool,
    queue: Queue,
    held: Held,
    errand: Option<Pin<Box<dyn Future<Output = Outcome> + Send>>>,
    backoff: Backoff,
    pause: Option<Pin<Box<Sleep>>>,
    note: PendingNote,
}

/// What makes the messenger go on.
#[derive(Debug)]
pub(crate) enum Return {
    /// A delivery has ended.
    Ended(Outcome),
    /// It is time to try again.
    Rested,
    /// It is time to write down what is still to be told.
    Waiting,
}

impl Messenger {
    /// Tells by `delivery`, and goes on where `ledger` ends.
    pub(crate) fn new(
        delivery: Arc<dyn Delivery>,
        backoff: Backoff,
        file: LedgerFiles,
        ledger: Ledger,
    ) -> Self {
        let mut messenger = Self {
            delivery,
            file,
            ledger,
            is_unsaved: false,
            queue: Queue::default(),
            held: Held::default(),
            errand: None,
            backoff,
            pause: None,
            note: PendingNote::default(),
        };
        if let Some(record) = &messenger.ledger.delivery {
            let ticket = record.ticket.clone();
            messenger.send_off(ticket);
        }
        messenger
    }

    /// Returns what was told.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Makes ready what the next delivery needs.
    pub(crate) fn stand_by(&self) {
        self.delivery.stand_by();
    }

    /// Something may have changed with the unit `name`.
    pub(crate) fn look_at(&mut self, name: SystemdUnitName) {
        self.note.expect_change(self.errand.is_some() || self.pause.is_some());
        self.queue.push(name);
    }

    /// Forgets what was told of units that are not watched.
    pub(crate) fn forget_others(&mut self, watcher: &mut Watcher, journal: &Journal) {
        let before = self.ledger.told.len();
        self.ledger.told.retain(|name, _| watcher.watch_mut(name).is_some());
        if self.ledger.told.len() != before {
            self.save_told(journal);
        }
    }

    /// Waits for what makes the messenger go on.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Return> {
        if let Some(errand) = &mut self.errand
            && let Poll::Ready(outcome) = errand.as_mut().poll(context)
        {
            self.errand = None;
            return Poll::Ready(Return::Ended(outcome));
        }
        if let Some(pause) = &mut self.pause
            && pause.as_mut().poll(context).is_ready()
        {
            self.pause = None;
            return Poll::Ready(Return::Rested);
        }
        if let Poll::Ready(name) = self.held.poll(context) {
            self.queue.push(name);
            return Poll::Ready(Return::Rested);
        }
        self.note.poll(context).map(|()| Return::Waiting)
    }

    /// Writes down what is still to be told.
    pub(crate) fn write_pending(&mut self, watcher: &Watcher) {
        self.note.write(watcher, &self.file);
    }

    /// Tells the next thing, unless something is being told.
    pub(crate) async fn go_on(&mut self, watcher: &mut Watcher, journal: &Journal) {
        while self.errand.is_none() && self.pause.is_none() {
            let Some(name) = self.queue.pop() else { return };
            let Some(watch) = watcher.watch_mut(&name) else { continue };
            if let Some(until) = watch.rests_until() {
                self.note.expect_change(true);
                self.held.push(name, until);
                continue;
            }
            let Some((notice, after)) = watch.next_notice(new_id) else { continue };
            let ticket = match self.delivery.prepare(&notice).await {
                Ok(ticket) => ticket,
                Err(error) => {
                    journal.error(&format!("cannot begin a delivery: {error}"), &[]);
                    let pause = self.backoff.next();
                    self.rest(name, pause);
                    return;
                }
            };
            let record = DeliveryRecord { notice, after, ticket: ticket.clone() };
            let end = self.file.write_delivery(&record);
            self.note_save(&end, journal);
            self.ledger.delivery = Some(record);
            self.send_off(ticket);
        }
    }

    /// A delivery has ended so.
    pub(crate) fn end(&mut self, outcome: &Outcome, watcher: &mut Watcher, journal: &Journal) {
        let Some(record) = self.ledger.delivery.take() else { return };
        let name = record.notice.unit.clone();
        let watch = watcher.watch_mut(&name);
        log(outcome, &record.notice, journal);
        self.note.expect_change(*outcome == Outcome::Refused);
        match outcome {
            Outcome::Delivered => {
                self.backoff.reset();
                if let Some(watch) = watch {
                    self.ledger.told.insert(name.clone(), record.after.clone());
                    watch.delivered(record.after);
                    self.queue.push(name);
                }
                self.save_told(journal);
                self.file.clear_delivery();
            }
            // The record stays on disk, and with it the notice's id: what comes
            // after it may repeat one that the charm has understood.
            Outcome::Refused => {
                if let Some(watch) = watch {
                    watch.refused();
                    self.queue.push(name);
                }
            }
            Outcome::Unanswered(_) | Outcome::Unreached(_) => {
                if matches!(outcome, Outcome::Unanswered(_))
                    && let Some(watch) = watch
                    && watch.unanswered()
                {
                    self.ledger.told.insert(name.clone(), watch.told.clone());
                    self.save_told(journal);
                }
                let pause = self.backoff.next();
                self.rest(name, pause);
            }
        }
        // Not before: how this one has ended is forgotten then.
        self.stand_by();
    }

    /// Writes the ledger if that has failed before.
    pub(crate) fn save_again(&mut self, journal: &Journal) {
        if self.is_unsaved {
            self.save_told(journal);
        }
    }

    fn send_off(&mut self, ticket: Ticket) {
        let delivery = Arc::clone(&self.delivery);
        self.errand = Some(Box::pin(async move { delivery.complete(&ticket).await }));
    }

    /// Tries `name` again after `pause`.
    fn rest(&mut self, name: SystemdUnitName, pause: Duration) {
        self.note.expect_change(true);
        self.queue.push_first(name);
        self.pause = Some(Box::pin(tokio::time::sleep(pause)));
    }

    fn save_told(&mut self, journal: &Journal) {
        let end = self.file.write_told(&self.ledger);
        self.note_save(&end, journal);
    }

    /// Without a ledger on disk, the daemon goes on: what it watches is more
    /// important than what it remembers.
    fn note_save(&mut self, end: &Result<(), LedgerError>, journal: &Journal) {
        if let Err(error) = end
            && !self.is_unsaved
        {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            journal.error(&format!("{error}: {cause}; going on without"), &[]);
        }
        self.is_unsaved = end.is_err();
    }
}

/// Returns an id that no other notice has.
fn new_id() -> Word {
    // The kernel's file is there as long as `/proc` is. Its text is read in one
    // step, because the charm waits for it.
    let mut id = [0; 36];
    let end =
        File::open("/proc/sys/kernel/random/uuid").and_then(|mut file| file.read_exact(&mut id));
    let id = end.ok().and_then(|()| str::from_utf8(&id).ok()?.parse().ok());
    id.unwrap_or_else(|| "unknown".parse().expect("this is a word"))
}

fn log(outcome: &Outcome, notice: &Notice, journal: &Journal) {
    let event = notice.event_name();
    let fields = [
        ("SYSTEMD_NOTICE_EVENT", event.as_str()),
        ("SYSTEMD_NOTICE_ID", notice.id.as_str()),
        ("SYSTEMD_NOTICE_UNIT", notice.unit.as_str()),
    ];
    match outcome {
        Outcome::Delivered => journal.info(&format!("told the charm `{event}`"), &fields),
        Outcome::Refused => journal.error(&format!("the charm has failed on `{event}`"), &fields),
        Outcome::Unanswered(reason) | Outcome::Unreached(reason) => {
            journal.warning(&format!("cannot tell the charm `{event}` yet: {reason}"), &fields);
        }
    }
}
