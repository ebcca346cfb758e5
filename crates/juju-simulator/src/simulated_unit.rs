mod builder;
mod error;

use std::sync::Arc;

use juju_types::{Charm, Event, JujuVersion, UnitName};
use serde_json::Value;

use crate::action_outcome::ActionOutcome;
use crate::deploy_error::DeployError;
use crate::log_line::LogLine;
use crate::operation::Operation;
use crate::simulator::Simulator;
use crate::state_faults::StateFaults;
use crate::status_text::StatusText;
use crate::unit_event::UnitEvent;
use crate::unit_state::{RelationState, UnitState};

pub use builder::SimulatedUnitBuilder;
pub use error::UnitError;

/// One unit, of which a test runs one event after the other: a state goes in,
/// an event is run, and another state comes out.
///
/// [`Simulator::unit`] builds one; see there for an example. Only what the test
/// asks for is run: nothing follows by itself, not even config-changed after
/// upgrade-charm.
///
/// # Panics
///
/// A test that goes wrong is to end with a message. So the methods panic at the
/// caller's line if the event does not fit the state, and those that run a hook
/// also if it fails, with all that it did. Where a failure is what the test is
/// about, [`try_deploy`](Self::try_deploy), [`try_run`](Self::try_run) and
/// [`try_run_action`](Self::try_run_action) return it. A unit that has run
/// remove is gone, with its state.
#[derive(Debug)]
pub struct SimulatedUnit {
    juju: Simulator,
    name: UnitName,
    charm: Arc<Charm>,
}

impl SimulatedUnit {
    /// Lets the unit begin with what the state says of config, leadership,
    /// relations, storage and resources, and runs all hooks of a new unit, from
    /// the first storage-attached or install over start to the hooks of its
    /// relations.
    #[track_caller]
    pub fn deploy(&mut self) {
        if let Err(error) = self.try_deploy() {
            error.panic();
        }
    }

    /// Does what [`deploy`](Self::deploy) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::Refused`] if the state says what only a charm that has
    ///   run can have done.
    /// - [`UnitError::Failed`] if a hook fails, which ends it.
    /// - [`UnitError::Gone`] if the unit has run remove.
    /// - [`UnitError::Simulator`] if the simulator cannot work.
    pub fn try_deploy(&mut self) -> Result<(), UnitError> {
        let traces = self.try_state()?.traces_of_a_charm();
        if !traces.is_empty() {
            let traces = traces.join(", ");
            let fault = format!("deploy: a unit that is yet to be installed cannot have {traces}");
            return Err(UnitError::Refused(StateFaults::one(fault)));
        }
        self.juju.model.begin_anew(&self.name);
        let before = self.juju.operations().len();
        while self.juju.run_next()? {
            let ran = &self.juju.operations()[before..];
            if let Some(failed) = ran.iter().find(|ran| !ran.exit.is_success()) {
                return Err(UnitError::Failed(Box::new(failed.clone())));
            }
        }
        Ok(())
    }

    /// Runs one event and returns what it did: a name such as `update-status`,
    /// an [`Event`], or a [`UnitEvent`] that says more.
    #[track_caller]
    pub fn run(&mut self, event: impl Into<UnitEvent>) -> &Operation {
        match self.try_run(event) {
            Ok(operation) => operation,
            Err(error) => error.panic(),
        }
    }

    /// Does what [`run`](Self::run) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::Refused`] if Juju could not run the event in the unit's
    ///   state. Then nothing has happened.
    /// - [`UnitError::Failed`] if the hook fails.
    /// - [`UnitError::Gone`] if the unit has run remove.
    /// - [`UnitError::Simulator`] if the simulator cannot work, or something
    ///   that the charm has started stays connected to the agent.
    pub fn try_run(&mut self, event: impl Into<UnitEvent>) -> Result<&Operation, UnitError> {
        let state = self.try_state()?;
        let event: Event = event.into().resolve(&state, &self.charm)?;
        state.check_event(&event, &self.charm, self.version())?;
        self.juju.model.prepare_event(&self.name, &event);
        self.juju.run_hook(&self.name.to_string(), &event)?;
        match self.juju.operations().last() {
            Some(operation) if operation.exit.is_success() => Ok(operation),
            Some(operation) => Err(UnitError::Failed(Box::new(operation.clone()))),
            None => unreachable!("the hook that was just run is there"),
        }
    }

    /// Runs an action with parameters, an object or null, and returns what came
    /// of it. An action that fails is no reason to panic.
    #[track_caller]
    pub fn run_action(&mut self, action: &str, params: Value) -> ActionOutcome {
        match self.try_run_action(action, params) {
            Ok(outcome) => outcome,
            Err(error) => error.panic(),
        }
    }

    /// Does what [`run_action`](Self::run_action) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::Refused`] if the charm has no such action, or if the
    ///   parameters do not fit it, with which Juju would not start it.
    /// - [`UnitError::Gone`] if the unit has run remove.
    /// - [`UnitError::Simulator`] if the simulator cannot work, or something
    ///   that the charm has started stays connected to the agent.
    pub fn try_run_action(
        &mut self,
        action: &str,
        params: Value,
    ) -> Result<ActionOutcome, UnitError> {
        self.try_state()?.check_action(action, &params, &self.charm, self.version())?;
        Ok(self.juju.run_one_action(&self.name, action, params)?)
    }

    /// Changes the state between two events: it is taken out, changed by
    /// `change`, checked, and put back. No event follows.
    ///
    /// ```
    /// # use juju_simulator::Simulator;
    /// # use juju_types::CharmFiles;
    /// # let mut files = CharmFiles::default();
    /// # files.metadata = Some("{name: web, summary: s, description: d}".to_owned());
    /// # files.config = Some("{options: {port: {type: int, default: 80}}}".to_owned());
    /// # let mut unit = Simulator::unit("web/0").charm_files(files).charm(|_variables| 0);
    /// unit.change(|state| state.with_config("port", 8080));
    /// unit.run("config-changed");
    /// ```
    #[track_caller]
    pub fn change(&mut self, change: impl FnOnce(UnitState) -> UnitState) {
        if let Err(error) = self.try_change(change) {
            error.panic();
        }
    }

    /// Does what [`change`](Self::change) does.
    ///
    /// # Errors
    ///
    /// - [`UnitError::Refused`] if Juju could not produce the new state, or if
    ///   it is that of another unit. Then nothing has changed.
    /// - [`UnitError::Gone`] if the unit has run remove.
    /// - [`UnitError::Deploy`] if storage cannot be made.
    pub fn try_change(
        &mut self,
        change: impl FnOnce(UnitState) -> UnitState,
    ) -> Result<(), UnitError> {
        let state = change(self.try_state()?);
        state.check(&self.charm, self.version())?;
        if *state.unit() != self.name {
            let fault = format!("the unit {} cannot become {}", self.name, state.unit());
            return Err(UnitError::Refused(StateFaults::one(fault)));
        }
        self.juju.change(&state).map_err(|source| UnitError::Deploy(DeployError::Folder(source)))
    }

    /// Returns the unit's status as `juju status` shows it: what the charm has
    /// set, or the error of a hook that has failed.
    #[track_caller]
    pub fn status(&self) -> StatusText {
        match self.juju.model.units.get(&self.name) {
            Some(unit) => unit.shown_status(),
            None => self.gone().panic(),
        }
    }

    /// Returns the unit's state.
    #[track_caller]
    pub fn state(&self) -> UnitState {
        match self.try_state() {
            Ok(state) => state,
            Err(error) => error.panic(),
        }
    }

    /// Returns a relation, by its id or its endpoint if that has only one.
    ///
    /// # Panics
    ///
    /// Panics if there is no such relation, or if there are several.
    #[track_caller]
    pub fn relation(&self, id_or_endpoint: &str) -> RelationState {
        match self.state().relation(id_or_endpoint) {
            Some(relation) => relation.clone(),
            None => panic!("{} has no such relation, or several: {id_or_endpoint}", self.name),
        }
    }

    /// Returns what was run last.
    ///
    /// # Panics
    ///
    /// Panics if nothing was run yet.
    #[track_caller]
    pub fn operation(&self) -> &Operation {
        match self.operations().last() {
            Some(operation) => operation,
            None => panic!("{} has run nothing yet", self.name),
        }
    }

    /// Returns all that was run, in order.
    pub fn operations(&self) -> &[Operation] {
        self.juju.operations()
    }

    /// Returns what the charm has logged and printed in what was run last.
    #[track_caller]
    pub fn log(&self) -> &[LogLine] {
        &self.operation().log
    }

    /// Returns the model that the unit is alone in, for all else that can be
    /// done to it, such as [`Simulator::inject`].
    pub fn juju(&mut self) -> &mut Simulator {
        &mut self.juju
    }

    fn try_state(&self) -> Result<UnitState, UnitError> {
        let is_there = self.juju.model.units.contains_key(&self.name);
        is_there.then(|| UnitState::of(&self.juju.model, &self.name)).ok_or_else(|| self.gone())
    }

    fn gone(&self) -> UnitError {
        UnitError::Gone { unit: self.name.clone() }
    }

    fn version(&self) -> &JujuVersion {
        &self.juju.model.version
    }
}
