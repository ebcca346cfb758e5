//! How a notice comes to the charm.

use std::io;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::daemon::process::Process;
use crate::notice::Notice;

/// A way to the charm.
///
/// A delivery has two parts, so that the means to find it again can be written
/// down before anything reaches the charm: whoever finds them later waits for
/// the end of a delivery that it has not begun.
#[async_trait]
pub(crate) trait Delivery: Send + Sync {
    /// Makes ready what a delivery needs before there is a notice, to be
    /// quicker then.
    fn stand_by(&self) {}

    /// Makes everything ready to deliver `notice`. Nothing reaches the charm.
    ///
    /// # Errors
    ///
    /// Fails if the machine has no means for it, such as memory.
    async fn prepare(&self, notice: &Notice) -> io::Result<Ticket>;

    /// Delivers what was prepared under `ticket`, now or by another daemon,
    /// and waits for the end.
    async fn complete(&self, ticket: &Ticket) -> Outcome;
}

/// The means to find a delivery again.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Ticket {
    /// The boot of the machine: no process outlives it.
    pub(crate) boot: String,
    pub(crate) process: Process,
    /// When it began, in seconds since that boot: somebody may set the clock.
    pub(crate) begun: u64,
}

impl Ticket {
    /// Returns the text that tells this delivery from all others.
    pub(crate) fn mark(&self) -> String {
        format!("{} {}", self.boot, self.process)
    }
}

/// How a delivery has ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The charm has run, and succeeded.
    Delivered,
    /// The charm has run, and failed.
    Refused,
    /// Nobody knows whether the charm has run: the agent is not there, or is
    /// stuck. The text says what happened.
    Unanswered(String),
    /// The charm has not run, for certain. The text says why.
    Unreached(String),
}
