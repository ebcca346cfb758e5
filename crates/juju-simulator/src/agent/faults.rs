use std::time::Duration;

use crate::fault::Fault;

/// What is to go wrong in one operation, and what of it has.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    struck: Vec<Fault>,
}

impl Faults {
    pub(super) fn new(waiting: Vec<Fault>) -> Self {
        Self { waiting, struck: Vec::new() }
    }

    /// Lets a fault strike if it is one that waits; tells whether it does.
    pub(super) fn strike(&mut self, fault: &Fault) -> bool {
        let Some(index) = self.waiting.iter().position(|waiting| waiting == fault) else {
            return false;
        };
        self.struck.push(self.waiting.remove(index));
        true
    }

    /// Tells whether a tool is to fail, which it then does each time.
    pub(crate) fn strike_tool(&mut self, tool: &str) -> bool {
        let fault = Fault::FailTool(tool.to_owned());
        self.strike(&fault) || self.struck.contains(&fault)
    }

    /// Returns after which time the charm is to be killed, if that is within the
    /// time limit.
    pub(super) fn kill_after(&self, time_limit: Duration) -> Option<Duration> {
        let times = self.waiting.iter().filter_map(|fault| match fault {
            Fault::KillAfter(time) => Some(*time),
            _ => None,
        });
        times.min().filter(|time| *time <= time_limit)
    }

    /// Returns what has struck, and what has not.
    pub(super) fn into_struck_and_missed(self) -> (Vec<Fault>, Vec<Fault>) {
        (self.struck, self.waiting)
    }
}
