//! Random lives of services, agents and daemons, in which the promise is kept.

use std::collections::BTreeMap;
use std::future::{pending, poll_fn};
use std::io;
use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::daemon::backoff::Backoff;
use crate::daemon::delivery::{Delivery, Outcome, Ticket};
use crate::daemon::journal::Journal;
use crate::daemon::ledger::LedgerFiles;
use crate::daemon::messenger::{Messenger, Return};
use crate::daemon::process::Process;
use crate::daemon::promise::{Happened, Said, faults};
use crate::daemon::watcher::Watcher;
use crate::invocation_id::InvocationId;
use crate::notice::Notice;

/// Units that the charm asks different events of.
const LIST: &str = "a.service a\nb.service b failed\nc.service c restarted\n\
    d.service d failed restarted\n";

/// One thing that happens.
#[derive(Clone, Debug)]
enum Event {
    /// A service does something.
    Turn(usize, Turn),
    /// The daemon hears of the state of a service.
    Look(usize),
    /// The delivery that is under way ends, or the next does.
    End(Way),
    /// The daemon is killed, and another one starts.
    Kill,
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    Start,
    /// It fails before it is up.
    FailToStart,
    Stop,
    Fail,
    /// It fails, and systemd waits before it starts it again.
    Crash,
}

/// How a delivery ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Works,
    /// The charm fails, and Juju takes back what it has done.
    Refused,
    /// The agent is not there.
    Unreached,
    /// The charm has run, and nobody comes to know it.
    Lost,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let turn = prop_oneof![
        4 => Just(Turn::Start),
        1 => Just(Turn::FailToStart),
        2 => Just(Turn::Stop),
        1 => Just(Turn::Fail),
        1 => Just(Turn::Crash),
    ];
    let way = prop_oneof![
        5 => Just(Way::Works),
        2 => Just(Way::Refused),
        1 => Just(Way::Unreached),
        2 => Just(Way::Lost),
    ];
    let event = prop_oneof![
        6 => (0..4_usize, turn).prop_map(|(unit, turn)| Event::Turn(unit, turn)),
        6 => (0..4_usize).prop_map(Event::Look),
        5 => way.prop_map(Event::End),
        1 => Just(Event::Kill),
    ];
    vec(event, 0..60)
}

/// Where notices go.
#[derive(Default)]
struct Agent {
    said: Vec<Said>,
    /// Deliveries by the time of their beginning, which numbers them.
    errands: BTreeMap<u64, Errand>,
    /// The number of the daemon that runs.
    daemon: usize,
}

/// A delivery, which outlives its daemon.
struct Errand {
    notice: Notice,
    end: Option<Outcome>,
    waiter: Option<oneshot::Sender<Outcome>>,
    has_begun: bool,
}

impl Agent {
    /// Tells whether a delivery is under way, or about to be.
    fn has_news(&self) -> bool {
        self.errands.values().any(|errand| errand.end.is_none())
    }

    /// Ends the delivery that is under way, if one is.
    fn end(&mut self, way: Way) {
        let under_way = |errand: &&mut Errand| errand.has_begun && errand.end.is_none();
        let Some(errand) = self.errands.values_mut().find(under_way) else { return };
        // A charm drops what it has understood before, and does not fail on it.
        let is_repeated = self.said.iter().any(|said| said.id == errand.notice.id.as_str());
        let way = if way == Way::Refused && is_repeated { Way::Works } else { way };
        if matches!(way, Way::Works | Way::Lost) {
            let notice = &errand.notice;
            self.said.push(Said {
                unit: notice.unit.to_string(),
                event: notice.event.to_string(),
                run: notice.invocation.map(|run| run.to_string()),
                merged: notice.merged,
                id: notice.id.to_string(),
            });
        }
        let end = match way {
            Way::Works => Outcome::Delivered,
            Way::Refused => Outcome::Refused,
            Way::Unreached => Outcome::Unreached("it is not there".to_owned()),
            Way::Lost => Outcome::Unanswered("nobody knows".to_owned()),
        };
        errand.end = Some(end.clone());
        if let Some(waiter) = errand.waiter.take() {
            // The daemon may have died.
            let _ = waiter.send(end);
        }
    }
}

/// The way of one daemon to the agent.
struct Messages {
    agent: Arc<Mutex<Agent>>,
    daemon: usize,
    /// The delivery that waits for its beginning, and is over with the daemon.
    prepared: Mutex<Option<u64>>,
}

#[async_trait]
impl Delivery for Messages {
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket> {
        let errands = &mut self.agent.lock().unwrap().errands;
        let begun = errands.len() as u64;
        let errand = Errand { notice: notice.clone(), end: None, waiter: None, has_begun: false };
        errands.insert(begun, errand);
        *self.prepared.lock().unwrap() = Some(begun);
        let process = Process::find(std::process::id()).unwrap();
        Ok(Ticket { boot: String::new(), process, begun })
    }

    async fn complete(&self, ticket: &Ticket) -> Outcome {
        let waiter = {
            let mut agent = self.agent.lock().unwrap();
            let is_alive = agent.daemon == self.daemon;
            let errand = agent.errands.get_mut(&ticket.begun).unwrap();
            let is_own = self.prepared.lock().unwrap().take() == Some(ticket.begun);
            errand.has_begun |= is_own && is_alive;
            match &errand.end {
                _ if !is_alive => None,
                Some(end) => return end.clone(),
                None if !errand.has_begun => {
                    return Outcome::Unanswered("it was never begun".to_owned());
                }
                None => {
                    let (sender, waiter) = oneshot::channel();
                    errand.waiter = Some(sender);
                    Some(waiter)
                }
            }
        };
        match waiter {
            Some(waiter) => match waiter.await {
                Ok(end) => end,
                Err(_) => pending().await,
            },
            None => pending().await,
        }
    }
}

/// The services, the agent, and the daemon between them.
struct World {
    folder: TempDir,
    agent: Arc<Mutex<Agent>>,
    states: [(&'static str, u8); 4],
    runs: u8,
    happened: Vec<Happened>,
    watcher: Watcher,
    messenger: Messenger,
    journal: Journal,
    /// What the daemon logs comes here, and is not looked at.
    log: UnixDatagram,
}

impl World {
    fn new() -> Self {
        let folder = folder();
        let agent = Arc::default();
        let (watcher, messenger) = daemon(&folder, &agent);
        let log = UnixDatagram::bind(folder.path().join("log")).unwrap();
        log.set_nonblocking(true).unwrap();
        Self {
            journal: Journal::at(&folder.path().join("log")),
            log,
            folder,
            agent,
            states: [("inactive", 0); 4],
            runs: 0,
            happened: Vec::new(),
            watcher,
            messenger,
        }
    }

    async fn take(&mut self, event: &Event) {
        while self.log.recv(&mut []).is_ok() {}
        match *event {
            Event::Turn(unit, turn) => self.turn(unit, turn),
            Event::Look(unit) => self.look(unit).await,
            Event::End(way) => {
                self.end(way).await;
            }
            Event::Kill => self.kill().await,
        }
    }

    fn turn(&mut self, unit: usize, turn: Turn) {
        let (state, run) = &mut self.states[unit];
        let is_up = *state == "active";
        let next = match turn {
            Turn::Start | Turn::FailToStart if is_up => return,
            Turn::Stop | Turn::Fail | Turn::Crash if !is_up => return,
            Turn::Start => "active",
            Turn::FailToStart | Turn::Fail => "failed",
            Turn::Stop => "inactive",
            Turn::Crash => "activating",
        };
        if !is_up {
            self.runs += 1;
            *run = self.runs;
        }
        *state = next;
        self.happened.push(Happened {
            unit: name(unit),
            is_up: next == "active",
            run: invocation(*run).unwrap().to_string(),
        });
    }

    async fn look(&mut self, unit: usize) {
        let (state, run) = self.states[unit];
        let watch = self.watcher.watch_mut(&name(unit).parse().unwrap()).unwrap();
        let sub_state = if state == "activating" { "auto-restart" } else { state };
        watch.seen.state = state.parse().unwrap();
        watch.seen.sub_state = sub_state.parse().unwrap();
        watch.seen.invocation = invocation(run);
        watch.is_known = true;
        watch.note();
        self.messenger.look_at(name(unit).parse().unwrap());
        self.messenger.go_on(&mut self.watcher, &self.journal).await;
    }

    /// Ends the next delivery. Returns whether there was anything to do.
    async fn end(&mut self, way: Way) -> bool {
        // What was sent off begins when somebody waits for it.
        let next = poll_fn(|context| Poll::Ready(self.messenger.poll(context))).await;
        self.agent.lock().unwrap().end(way);
        let next = match next {
            Poll::Ready(next) => Ok(next),
            Poll::Pending => {
                let next = poll_fn(|context| self.messenger.poll(context));
                // The clock goes on by itself where everybody waits for it.
                tokio::time::timeout(Duration::from_hours(1), next).await
            }
        };
        match &next {
            Ok(Return::Ended(outcome)) => {
                self.messenger.end(outcome, &mut self.watcher, &self.journal);
            }
            Ok(Return::Waiting) => self.messenger.write_pending(&self.watcher),
            Ok(Return::Rested) => {}
            Err(_) => return false,
        }
        self.messenger.go_on(&mut self.watcher, &self.journal).await;
        true
    }

    /// The agent is not there, and is asked again. Returns how long that takes.
    async fn pause(&mut self) -> Duration {
        let asked = |world: &Self| world.agent.lock().unwrap().errands.len();
        let before = asked(self);
        self.end(Way::Unreached).await;
        let begin = tokio::time::Instant::now();
        while asked(self) == before {
            assert!(self.end(Way::Unreached).await);
        }
        begin.elapsed()
    }

    async fn kill(&mut self) {
        self.agent.lock().unwrap().daemon += 1;
        (self.watcher, self.messenger) = daemon(&self.folder, &self.agent);
        for unit in 0..self.states.len() {
            self.look(unit).await;
        }
    }

    /// Returns what the charm was told, and whether it leaves something out.
    fn said(&self) -> Vec<String> {
        let merged = |said: &Said| if said.merged { " merged" } else { "" };
        let agent = self.agent.lock().unwrap();
        agent.said.iter().map(|said| format!("{}{}", said.event, merged(said))).collect()
    }

    /// Lets everything come to rest.
    async fn rest(&mut self) {
        for unit in 0..self.states.len() {
            if self.states[unit].0 == "activating" {
                self.turn(unit, Turn::Start);
            }
        }
        // A charm that has failed too often is asked again.
        self.kill().await;
        while self.end(Way::Works).await {}
    }
}

/// Makes a folder in memory, if the machine has one: each ledger is written to
/// the disk many times.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn name(unit: usize) -> String {
    format!("{}.service", ["a", "b", "c", "d"][unit])
}

fn invocation(run: u8) -> Option<InvocationId> {
    InvocationId::from_property(&[run; 16])
}

/// Starts a daemon that goes on where the last has ended.
fn daemon(folder: &TempDir, agent: &Arc<Mutex<Agent>>) -> (Watcher, Messenger) {
    let file = LedgerFiles::new(folder.path());
    let ledger = file.read().unwrap();
    let mut watcher = Watcher::default();
    watcher.watch(&LIST.parse().unwrap(), &ledger);
    let daemon = agent.lock().unwrap().daemon;
    let messages = Messages { agent: Arc::clone(agent), daemon, prepared: Mutex::default() };
    let backoff = Backoff::new(Duration::from_secs(30));
    (watcher, Messenger::new(Arc::new(messages), backoff, file, ledger))
}

/// Runs a test on a clock that goes on by itself where everybody waits for it.
fn block_on<T>(test: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(test)
}

#[test]
fn a_unit_that_leaves_the_list_and_comes_back_is_told_as_before() {
    block_on(async {
        let mut world = World::new();
        for event in [Event::Turn(0, Turn::Start), Event::Look(0)] {
            world.take(&event).await;
        }
        for list in ["b.service b\n", LIST] {
            world.watcher.watch(&list.parse().unwrap(), world.messenger.ledger());
            world.messenger.forget_others(&mut world.watcher, &world.journal);
        }
        for event in [Event::Look(0), Event::Turn(0, Turn::Stop), Event::Look(0)] {
            world.take(&event).await;
        }
        while world.end(Way::Works).await {}
        assert_eq!(world.said(), ["started", "stopped"]);
    });
}

#[test]
fn a_life_that_the_charm_cannot_have_heard_of_leaves_nothing_to_tell() {
    for (way, said) in [(Way::Unreached, vec![]), (Way::Lost, vec!["started", "stopped merged"])] {
        block_on(async {
            let mut world = World::new();
            for event in [
                Event::Turn(0, Turn::Start),
                Event::Look(0),
                Event::End(way),
                Event::Turn(0, Turn::Stop),
                Event::Look(0),
            ] {
                world.take(&event).await;
            }
            while world.end(Way::Works).await {}
            assert_eq!(world.said(), said, "{way:?}");
        });
    }
}

#[test]
fn a_unit_that_flaps_costs_few_hooks_and_no_other_waits() {
    block_on(async {
        let mut world = World::new();
        for _ in 0..100 {
            for turn in [Turn::Start, Turn::Stop] {
                world.take(&Event::Turn(0, turn)).await;
                world.take(&Event::Look(0)).await;
                if world.agent.lock().unwrap().has_news() {
                    world.take(&Event::End(Way::Works)).await;
                }
            }
        }
        world.take(&Event::Turn(0, Turn::Start)).await;
        world.take(&Event::Look(0)).await;
        assert_eq!(world.said().len(), 10);
        world.take(&Event::End(Way::Works)).await;
        let pending = LedgerFiles::new(world.folder.path()).read().unwrap().pending;
        assert!(pending.contains_key(&name(0).parse().unwrap()), "{pending:?}");
        world.take(&Event::Turn(1, Turn::Start)).await;
        world.take(&Event::Look(1)).await;
        assert!(world.agent.lock().unwrap().has_news());
        while world.end(Way::Works).await {}
        assert_eq!(world.said()[10..], ["started", "started merged"]);
    });
}

#[test]
fn a_charm_that_restarts_its_service_and_fails_is_asked_less_and_less_often() {
    block_on(async {
        let mut world = World::new();
        let start = Instant::now();
        let mut tries = 0;
        world.take(&Event::Turn(0, Turn::Start)).await;
        world.take(&Event::Look(0)).await;
        while start.elapsed() < Duration::from_hours(1) {
            let is_asked = world.agent.lock().unwrap().has_news();
            world.take(&Event::End(Way::Refused)).await;
            if is_asked {
                tries += 1;
                for event in
                    [Event::Turn(0, Turn::Stop), Event::Turn(0, Turn::Start), Event::Look(0)]
                {
                    world.take(&event).await;
                }
            }
        }
        assert!((15..25).contains(&tries), "{tries}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_promise_is_kept(events in events()) {
        let world = block_on(async {
            let mut world = World::new();
            for event in &events {
                world.take(event).await;
            }
            world.rest().await;
            world
        });
        let lost = events.iter().filter(|event| matches!(event, Event::End(Way::Lost))).count();
        let said = &world.agent.lock().unwrap().said;
        prop_assert_eq!(faults(&world.happened, said, lost), [""; 0], "{:#?}", said);
    }
}

#[test]
fn an_agent_that_was_there_again_is_not_waited_for_as_long_as_before() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let mut world = World::new();
        world.turn(0, Turn::Start);
        world.look(0).await;
        let mut last = world.pause().await;
        let first = last;
        for _ in 0..3 {
            let next = world.pause().await;
            assert!(next > last, "{next:?} {last:?}");
            last = next;
        }
        while world.end(Way::Works).await {}
        world.turn(0, Turn::Stop);
        world.look(0).await;
        assert_eq!(world.pause().await, first);
    });
}
