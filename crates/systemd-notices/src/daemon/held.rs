//! The units that are told of later.

use std::collections::BTreeSet;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep};

use crate::systemd_unit_name::SystemdUnitName;

/// The units that are told of later, each at its time.
#[derive(Debug, Default)]
pub(crate) struct Held {
    units: BTreeSet<(Instant, SystemdUnitName)>,
    /// Rings when the time of the first has come. There is none, and nothing
    /// wakes the daemon, if no unit is held.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Held {
    /// Holds `name` until its time has come.
    pub(crate) fn push(&mut self, name: SystemdUnitName, until: Instant) {
        self.units.insert((until, name));
        self.set_alarm();
    }

    /// Waits for the next unit whose time has come.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<SystemdUnitName> {
        let Some(alarm) = &mut self.alarm else { return Poll::Pending };
        ready!(alarm.as_mut().poll(context));
        let first = self.units.pop_first();
        self.alarm = None;
        self.set_alarm();
        first.map_or(Poll::Pending, |(_, name)| Poll::Ready(name))
    }

    fn set_alarm(&mut self) {
        let first = self.units.first().map(|(until, _)| *until);
        if self.alarm.as_ref().map(|alarm| alarm.deadline()) != first {
            self.alarm = first.map(|until| Box::pin(tokio::time::sleep_until(until)));
        }
    }
}
