//! What all parts share during one run of a charm.

pub(crate) mod run_kind;

use std::cell::{OnceCell, RefCell};

use juju_hook_env::Juju;

use crate::endpoint::published::PublishedData;
use crate::failure::{Failure, Result};
use crate::flag::flag_watch::FlagWatch;
use crate::flag::trigger::Triggers;
use crate::state::State;

/// One run of a charm: Juju, the state of the unit, and what changes.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) juju: Juju,
    pub(crate) state: State,
    pub(crate) watch: FlagWatch,
    pub(crate) triggers: RefCell<Triggers>,
    pub(crate) published: PublishedData,
    /// Whether the unit was the leader when somebody first asked.
    leader: OnceCell<bool>,
    /// What has gone wrong where no error can be returned. The run has failed
    /// then, whatever its handlers say.
    fault: RefCell<Option<Failure>>,
}

impl Run {
    pub(crate) fn new(juju: Juju, state: State) -> Self {
        Self {
            juju,
            state,
            watch: FlagWatch::default(),
            triggers: RefCell::default(),
            published: PublishedData::default(),
            leader: OnceCell::new(),
            fault: RefCell::default(),
        }
    }

    /// Tells whether the unit is the leader, and keeps to the answer.
    pub(crate) fn is_leader(&self) -> Result<bool> {
        if let Some(known) = self.leader.get() {
            return Ok(*known);
        }
        let is_leader = self.juju.is_leader()?;
        Ok(*self.leader.get_or_init(|| is_leader))
    }

    /// Has the run fail; only the first reason is kept.
    pub(crate) fn fail(&self, failure: Failure) {
        self.fault.borrow_mut().get_or_insert(failure);
    }

    /// Returns why the run has failed, if it has.
    pub(crate) fn take_fault(&self) -> Option<Failure> {
        let fault = self.fault.borrow_mut().take();
        fault.or_else(|| Some(self.state.take_fault()?.into()))
    }
}
