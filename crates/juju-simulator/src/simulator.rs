mod deploy;
mod end_state;
mod exec;
mod machine;
mod one_unit;
mod refresh;
mod request;
mod run;
#[cfg(test)]
mod stirring;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use juju_types::{ApplicationName, UnitName};

use crate::agent::{Agents, Settings};
use crate::builder::SimulatorBuilder;
use crate::charm_package::CharmPackage;
use crate::fault::Fault;
use crate::model::{Ids, Model};
use crate::model_status::ModelStatus;
use crate::operation::Operation;
use crate::simulator_error::SimulatorError;
use crate::timeline::Timeline;
use crate::trial::Trial;
use crate::unit_state::UnitState;
use exec::Caller;

/// A Juju model in a box: it deploys charms, and runs their hooks and actions
/// as a unit's agent does.
///
/// What a user of Juju does is a method; what follows from it happens in
/// [`run_until_idle`](Self::run_until_idle). Time is a clock of the simulator's
/// own, which [`advance`](Self::advance) moves.
///
/// See the [crate's documentation](crate) for an example.
#[derive(Debug)]
pub struct Simulator {
    pub(crate) model: Model,
    settings: Settings,
    /// They begin with the first charm.
    agents: Option<Agents>,
    /// The charm of each application.
    charms: BTreeMap<ApplicationName, Arc<CharmPackage>>,
    /// The charm whose files a unit has.
    unpacked: BTreeMap<UnitName, Arc<CharmPackage>>,
    /// Who waits for what came of a command, by its number.
    callers: BTreeMap<u32, Caller>,
    operations: Vec<Operation>,
    /// What is to go wrong in the next operation of a unit.
    faults: BTreeMap<UnitName, Vec<Fault>>,
    /// What is to go wrong in an operation, by its number in the whole run.
    numbered_faults: BTreeMap<usize, Vec<Fault>>,
    /// Sees what is run, if this is one of many runs.
    trial: Option<Trial>,
    /// Chooses the unit that runs next, if it is not simply the first.
    order: Option<Ids>,
}

impl Simulator {
    /// Begins with an empty model of Juju 3.6.28.
    #[expect(clippy::new_without_default, reason = "a model is begun, not a default of anything")]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Begins with a model that is not as usual.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::new()
    }

    pub(crate) fn begin(
        model: Model,
        settings: Settings,
        order: Option<Ids>,
        numbered_faults: BTreeMap<usize, Vec<Fault>>,
        trial: Option<Trial>,
    ) -> Self {
        Self {
            model,
            settings,
            agents: None,
            charms: BTreeMap::new(),
            unpacked: BTreeMap::new(),
            callers: BTreeMap::new(),
            operations: Vec::new(),
            faults: BTreeMap::new(),
            numbered_faults,
            trial,
            order,
        }
    }

    /// Returns all that has been run, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Returns all that has been run, with when and why, for people and as JSON.
    pub fn timeline(&self) -> Timeline<'_> {
        Timeline::of(&self.operations)
    }

    /// Returns what `juju status` shows.
    pub fn status(&self) -> ModelStatus {
        ModelStatus::of(&self.model)
    }

    /// Returns the state of a unit, in the form that
    /// [`restore`](Self::restore) takes, if there is such a unit.
    pub fn unit_state(&self, unit: &str) -> Option<UnitState> {
        self.find_unit(unit).ok().map(|unit| UnitState::of(&self.model, &unit))
    }

    /// Returns the folder that the charm of a unit was unpacked to, if there is
    /// such a unit. It is removed with the unit.
    pub fn charm_dir(&self, unit: &str) -> Option<PathBuf> {
        let unit = self.find_unit(unit).ok()?;
        self.agents.as_ref().map(|agents| agents.charm_dir(&unit))
    }

    /// Returns the faults whose operation has not come yet.
    pub fn waiting_faults(&self) -> Vec<&Fault> {
        self.faults.values().chain(self.numbered_faults.values()).flatten().collect()
    }

    fn find_unit(&self, unit: &str) -> Result<UnitName, SimulatorError> {
        let name: Option<UnitName> = unit.parse().ok();
        let found =
            name.filter(|name| self.model.units.get(name).is_some_and(|found| !found.is_extra));
        found.ok_or_else(|| SimulatorError::NoUnit { unit: unit.to_owned() })
    }
}

impl AsRef<Simulator> for Simulator {
    fn as_ref(&self) -> &Simulator {
        self
    }
}
