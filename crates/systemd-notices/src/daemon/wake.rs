//! Everything that can wake the daemon.

use std::future::{Future as _, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, Interval, Sleep, interval_at, sleep};
use zbus::Message;

use crate::daemon::messenger::{Messenger, Return};
use crate::daemon::systemd::Systemd;

/// Everything that can wake the daemon.
#[derive(Debug)]
pub(crate) enum Wake {
    /// It is time to ask again what systemd has not answered.
    Again,
    /// It is time to tell the service manager that the daemon is alive.
    Alive,
    /// Something has come over the bus; `None` if the connection is lost.
    Bus(Option<Message>),
    /// A delivery has ended, or may be tried again.
    Messenger(Return),
    /// SIGHUP: the list of units may have changed.
    Reload,
    /// SIGTERM or SIGINT.
    Stop,
}

/// The signals and the clock that wake the daemon.
#[derive(Debug)]
pub(crate) struct Alarms {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
    alive: Option<Interval>,
    again: Option<Pin<Box<Sleep>>>,
}

/// How long to wait before systemd is asked again: what was in the way may be
/// over then.
const PAUSE: Duration = Duration::from_secs(1);

impl Alarms {
    /// Sets the alarms; one of them rings each `watchdog`.
    pub(crate) fn new(watchdog: Option<Duration>) -> io::Result<Self> {
        let alive = watchdog.map(|interval| interval_at(Instant::now() + interval, interval));
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            alive,
            again: None,
        })
    }

    /// Sets the alarm for what is to be asked again, unless it is set.
    pub(crate) fn ask_again(&mut self) {
        self.again.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
    }
}

/// Waits for what comes first. What ends the daemon comes before everything
/// else, and the end of a delivery before the news that make up the next.
pub(crate) async fn wake(
    alarms: &mut Alarms,
    messenger: &mut Messenger,
    systemd: &mut Systemd,
) -> Wake {
    poll_fn(|context| {
        if alarms.terminate.poll_recv(context).is_ready()
            || alarms.interrupt.poll_recv(context).is_ready()
        {
            return Poll::Ready(Wake::Stop);
        }
        if alarms.hangup.poll_recv(context).is_ready() {
            return Poll::Ready(Wake::Reload);
        }
        if alarms.alive.as_mut().is_some_and(|alive| alive.poll_tick(context).is_ready()) {
            return Poll::Ready(Wake::Alive);
        }
        if alarms.again.as_mut().is_some_and(|again| again.as_mut().poll(context).is_ready()) {
            alarms.again = None;
            return Poll::Ready(Wake::Again);
        }
        if let Poll::Ready(back) = messenger.poll(context) {
            return Poll::Ready(Wake::Messenger(back));
        }
        systemd.poll_next(context).map(Wake::Bus)
    })
    .await
}
