//! What tests of one unit need.

use std::io;

use juju_types::UnitName;
use serde_json::Value;

use super::Simulator;
use crate::action_outcome::ActionOutcome;
use crate::agent::Agents;
use crate::cause::Cause;
use crate::model::Step;
use crate::simulated_unit::SimulatedUnitBuilder;
use crate::simulator_error::SimulatorError;
use crate::unit_state::UnitState;

impl Simulator {
    /// Begins a test of one unit, such as `exporter/0`, alone in a model of its
    /// own: first what the unit is like, at last what its charm is. Then events
    /// are run, one by one.
    ///
    /// ```
    /// use juju_simulator::{RelationState, Simulator, StatusText};
    /// use juju_types::CharmFiles;
    ///
    /// let mut files = CharmFiles::default();
    /// files.metadata = Some(
    ///     "{name: web, summary: s, description: d, requires: {db: {interface: sql}}}".to_owned(),
    /// );
    /// let mut unit = Simulator::unit("web/0")
    ///     .relation(RelationState::new("db:7", "sql").with_unit("sql/0", [("host", "db1")]))
    ///     .charm_files(files)
    ///     .charm(|variables| {
    ///         assert_eq!(variables["JUJU_REMOTE_UNIT"], "sql/0");
    ///         0
    ///     });
    /// let before = unit.state();
    /// unit.run("db-relation-changed");
    /// assert_eq!(before.difference(&unit.state()), "");
    /// assert_eq!(unit.status(), StatusText::new("unknown", ""));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if `unit` is no name of a unit.
    #[track_caller]
    pub fn unit(unit: &str) -> SimulatedUnitBuilder {
        SimulatedUnitBuilder::new(UnitState::new(unit).with_leadership(), Self::builder())
    }

    /// Puts a state in the place of that of a unit which is there.
    pub(crate) fn change(&mut self, state: &UnitState) -> io::Result<()> {
        let is_stated = |id: &String| state.secrets().iter().any(|secret| secret.id().id() == id);
        let gone: Vec<String> =
            self.model.secrets.keys().filter(|id| !is_stated(id)).cloned().collect();
        for id in gone {
            self.model.remove_secret(&id);
        }
        state.restore(&mut self.model);
        self.make_storage(state.unit())
    }

    /// Makes the storage of a unit that is not there yet.
    pub(super) fn make_storage(&self, unit: &UnitName) -> io::Result<()> {
        let make = |agents: &Agents| agents.make_storage(&self.model, unit);
        self.agents.as_ref().map_or(Ok(()), make)
    }

    /// Runs an action out of turn, and nothing else.
    pub(crate) fn run_one_action(
        &mut self,
        unit: &UnitName,
        action: &str,
        params: Value,
    ) -> Result<ActionOutcome, SimulatorError> {
        let (name, action) = (unit.to_string(), action.to_owned());
        let Ok(task) = self.model.add_task(unit, &action, params) else {
            return Err(SimulatorError::NoAction { action, unit: name });
        };
        self.perform(unit, &Step::Action(task), Cause::Asked)?;
        let outcome = self.model.tasks.get(&task).and_then(|task| task.outcome.clone());
        outcome.ok_or(SimulatorError::ActionLost { action, unit: name })
    }
}
