mod ending;
mod error;
mod run;

use std::error::Error;
use std::fmt;
use std::thread;

use crate::builder::SimulatorBuilder;
use crate::fault::Fault;
use crate::kill_point::KillPoint;
use crate::operation::Operation;
use crate::simulator::Simulator;

pub use error::{KillPointFailure, KillPointsError};

/// Runs a scenario once for every moment at which a charm can be killed or what
/// it has changed can be refused, and checks what has become of it.
///
/// The scenario runs undisturbed first. Then it runs again for each hook and
/// action of that run, and there for each call of a hook tool: once the charm is
/// killed at the call, once after it; and for each hook and action once more
/// with the charm killed at its exit, and with its flush refused.
///
/// What follows is what Juju does: the hook has failed and is retried. Here that
/// happens at once, and an action that was hit is asked for again, so that the
/// scenario goes on as if nothing had been and need not know about faults.
///
/// The scenario builds its simulator from what it is given, once, and returns
/// it; with what else the checks need, it returns a type of its own that is
/// `AsRef<Simulator>`. It must do the same in each run, and runs in several
/// threads. A check, and the scenario, fail by an error or by a panic; a unit
/// that does not get out of its error is a failure, too.
///
/// ```
/// use juju_simulator::KillPoints;
/// # use juju_types::CharmFiles;
/// # let charm = CharmFiles::read(|name| {
/// #     let metadata = "{name: exporter, summary: s, description: d}";
/// #     Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
/// # }).unwrap();
///
/// let survived = KillPoints::new(|builder| {
///     let mut juju = builder.build();
///     juju.deploy_in_process(&charm, "exporter", |_variables| 0)?;
///     juju.run_until_idle()?;
///     juju.update_status("exporter/0")?;
///     Ok(juju)
/// })
/// .check(|juju| {
///     assert_eq!(juju.status().unit("exporter/0").unwrap().workload.to_string(), "unknown");
///     Ok(())
/// })
/// .same_end()
/// .run()?;
/// assert_eq!(survived.len(), 10); // of five hooks, which call nothing
/// # Ok::<(), juju_simulator::KillPointsError>(())
/// ```
#[must_use]
pub struct KillPoints<'a, S> {
    scenario: Scenario<'a, S>,
    checks: Vec<Check<'a, S>>,
    snapshots: Vec<Snapshot<'a, S>>,
    choices: Vec<Choice<'a>>,
    step: usize,
    only: Option<(usize, Fault)>,
    threads: usize,
}

type Failure = Box<dyn Error>;
type Scenario<'a, S> = Box<dyn Fn(SimulatorBuilder) -> Result<S, Failure> + Sync + 'a>;
type Check<'a, S> = Box<dyn Fn(&S) -> Result<(), Failure> + Sync + 'a>;
type Snapshot<'a, S> = Box<dyn Fn(&S) -> Result<String, Failure> + Sync + 'a>;
type Choice<'a> = Box<dyn Fn(&Operation) -> bool + Sync + 'a>;

impl<'a, S: AsRef<Simulator>> KillPoints<'a, S> {
    /// Takes a scenario.
    pub fn new(
        scenario: impl Fn(SimulatorBuilder) -> Result<S, Box<dyn Error>> + Sync + 'a,
    ) -> Self {
        Self {
            scenario: Box::new(scenario),
            checks: Vec::new(),
            snapshots: Vec::new(),
            choices: Vec::new(),
            step: 1,
            only: None,
            threads: thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// Checks what must hold at the end of every run.
    pub fn check(mut self, check: impl Fn(&S) -> Result<(), Box<dyn Error>> + Sync + 'a) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Wants the model to be at the end what it is at the end of the undisturbed
    /// run: its status, and the state of each unit with config, relation data,
    /// secrets, ports, storage and what `state-set` has stored. Ids of secrets
    /// and actions do not count.
    pub fn same_end(self) -> Self {
        self.snapshot(|end| Ok(end.as_ref().end_state()))
    }

    /// Wants a text to be at the end what it is at the end of the undisturbed
    /// run, such as the content of the charm's files.
    pub fn snapshot(
        mut self,
        snapshot: impl Fn(&S) -> Result<String, Box<dyn Error>> + Sync + 'a,
    ) -> Self {
        self.snapshots.push(Box::new(snapshot));
        self
    }

    /// Leaves out the hooks and actions for which this is false, in the
    /// undisturbed run.
    pub fn operations(mut self, choice: impl Fn(&Operation) -> bool + Sync + 'a) -> Self {
        self.choices.push(Box::new(choice));
        self
    }

    /// Takes only every `step`th kill point, beginning with the first.
    pub fn every(mut self, step: usize) -> Self {
        self.step = step.max(1);
        self
    }

    /// Takes only one kill point, or another fault: the operation by its number
    /// in the undisturbed run, counted from 1.
    pub fn only(mut self, operation: usize, fault: Fault) -> Self {
        self.only = Some((operation, fault));
        self
    }

    /// Sets how many runs there are at a time; otherwise as many as there are
    /// processors.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Runs the scenario undisturbed and at each kill point, and returns the
    /// kill points.
    ///
    /// # Errors
    ///
    /// - [`KillPointsError::Undisturbed`] if the scenario or a check fails
    ///   undisturbed.
    /// - [`KillPointsError::NoPoints`] if no kill point is left.
    /// - [`KillPointsError::Broken`] if the scenario or a check fails at a kill
    ///   point.
    pub fn run(&self) -> Result<Vec<KillPoint>, KillPointsError> {
        let (operations, ending) = self.play(None);
        let undisturbed = ending.map_err(|reason| KillPointsError::Undisturbed {
            reason,
            operations: operations.clone(),
        })?;
        let points = self.points(&operations);
        if points.is_empty() {
            return Err(KillPointsError::NoPoints);
        }
        let failures = self.try_all(&points, &undisturbed);
        if failures.is_empty() {
            return Ok(points);
        }
        Err(KillPointsError::Broken { points: points.len(), failures })
    }
}

impl<S> fmt::Debug for KillPoints<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, only, threads, .. } = self;
        let mut text = f.debug_struct("KillPoints");
        text.field("step", step).field("only", only).field("threads", threads);
        text.finish_non_exhaustive()
    }
}
