//! Running hooks and actions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use juju_types::{Event, UnitName};
use serde_json::Value;

use super::Simulator;
use crate::action_outcome::ActionOutcome;
use crate::agent::AgentError;
use crate::cause::Cause;
use crate::exec::Exec;
use crate::fault::Fault;
use crate::model::{Step, exec_name, later};
use crate::operation::{Operation, OperationKind};
use crate::retry::Retry;
use crate::simulator_error::SimulatorError;

impl Simulator {
    /// How often a unit may run something before it is taken to be restless, on
    /// its own account and for each unit that it may have to deal with.
    const MAX_OPERATIONS: usize = 1000;
    const MAX_OPERATIONS_FOR_EACH: usize = 20;

    /// Runs hooks and actions until no unit has anything left to run now.
    ///
    /// A hook that fails is retried only when its time has come, see
    /// [`advance`](Self::advance).
    ///
    /// A charm can give itself or others work without end. So it is an error if
    /// one unit runs 1,000 hooks and actions, and 20 more for each unit of the
    /// model, before all are idle.
    ///
    /// # Errors
    ///
    /// A hook or action that fails is no error. But these are:
    ///
    /// - [`SimulatorError::ConnectionsLeftOpen`] if something that a charm has
    ///   started stays connected to the agent.
    /// - [`SimulatorError::FaultsMissed`] if a fault was injected that could not
    ///   strike.
    /// - [`SimulatorError::Restless`] if a unit always has something more to run.
    /// - [`SimulatorError::Run`] or [`SimulatorError::Upgrade`] if the
    ///   operating system does not let the agent work.
    pub fn run_until_idle(&mut self) -> Result<(), SimulatorError> {
        let units = self.model.units.len();
        self.run_at_most(Self::MAX_OPERATIONS + Self::MAX_OPERATIONS_FOR_EACH * units)
    }

    /// Runs the next hook or action, or takes another single step that is due,
    /// and returns whether there was one: `run_until_idle`, step by step.
    ///
    /// # Errors
    ///
    /// Those of [`run_until_idle`](Self::run_until_idle), without
    /// [`SimulatorError::Restless`].
    pub fn run_next(&mut self) -> Result<bool, SimulatorError> {
        Ok(self.run_next_unit()?.is_some())
    }

    /// Takes the next step, if there is one, and returns the unit that took it.
    fn run_next_unit(&mut self) -> Result<Option<UnitName>, SimulatorError> {
        self.accept_calls();
        self.provision_storage()?;
        self.add_subordinates()?;
        let next = match &mut self.order {
            None => self.model.first_step(),
            Some(order) => self.model.choose_step(order),
        };
        let Some((unit, step)) = next else { return Ok(None) };
        let cause = self.model.why(&unit, &step);
        self.perform(&unit, &step, cause)?;
        Ok(Some(unit))
    }

    /// Moves the virtual clock forward by `duration`, and runs what comes due
    /// on the way: retries of hooks that have failed, and update-status.
    ///
    /// # Errors
    ///
    /// Those of [`run_until_idle`](Self::run_until_idle).
    pub fn advance(&mut self, duration: Duration) -> Result<(), SimulatorError> {
        let end = later(self.model.now, duration);
        self.run_until_idle()?;
        while let Some(due) = self.model.next_due().filter(|due| *due <= end) {
            self.model.set_clock(due);
            self.run_until_idle()?;
        }
        self.model.set_clock(end);
        Ok(())
    }

    /// Has a unit run an action, runs all until idle, and returns what came of
    /// the action: `juju run`.
    ///
    /// `params` is an object, or null for no parameters. Parameters that do not
    /// fit the action's definition make an action that has failed without
    /// having been started.
    ///
    /// Juju itself defines the action `juju-exec` (before Juju 3, `juju-run`),
    /// which is how `juju exec` works: a shell runs its parameter `command`,
    /// for as many nanoseconds as `timeout` says, 0 for any time.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    /// - [`SimulatorError::NoAction`] if its charm has no such action.
    /// - [`SimulatorError::ToolProgram`] if the action is `juju-exec`, and the
    ///   program that plays the hook tools is not there.
    /// - [`SimulatorError::ActionLost`] if the unit is gone before it could run
    ///   the action.
    /// - Those of [`run_until_idle`](Self::run_until_idle).
    pub fn run_action(
        &mut self,
        unit: &str,
        action: &str,
        params: Value,
    ) -> Result<ActionOutcome, SimulatorError> {
        let name = self.find_unit(unit)?;
        if action == exec_name(&self.model.version) {
            self.link_tools(&name)?;
        }
        let (unit, action) = (unit.to_owned(), action.to_owned());
        let again = params.clone();
        let Ok(task) = self.model.add_task(&name, &action, params) else {
            return Err(SimulatorError::NoAction { action, unit });
        };
        self.run_until_idle()?;
        if self.trial.is_some() && self.is_disturbed(task) {
            return self.run_action(&unit, &action, again);
        }
        let outcome = self.model.tasks.get(&task).and_then(|task| task.outcome.clone());
        outcome.ok_or(SimulatorError::ActionLost { action, unit })
    }

    /// Lets update-status come due for a unit, and runs all until idle.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    /// - Those of [`run_until_idle`](Self::run_until_idle).
    pub fn update_status(&mut self, unit: &str) -> Result<(), SimulatorError> {
        let unit = self.find_unit(unit)?;
        self.model.unit_mut(&unit).progress.update_status_due = true;
        self.run_until_idle()
    }

    /// Runs one hook of a unit out of turn, and nothing else. What follows
    /// from it, such as other hooks, waits for
    /// [`run_until_idle`](Self::run_until_idle).
    ///
    /// An event that Juju does not define is no hook: it is run as
    /// [`Exec::custom_event`](crate::Exec::custom_event).
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    /// - [`SimulatorError::NotAHook`] if the event is an action.
    /// - [`SimulatorError::Exec`] if an event that Juju does not define has
    ///   come to no end, as for [`exec`](Self::exec).
    /// - [`SimulatorError::ConnectionsLeftOpen`] or [`SimulatorError::Run`] as
    ///   for [`run_until_idle`](Self::run_until_idle).
    pub fn run_hook(&mut self, unit: &str, event: &Event) -> Result<(), SimulatorError> {
        let unit = self.find_unit(unit)?;
        if let Event::Action(action) = event {
            return Err(SimulatorError::NotAHook { action: action.clone() });
        }
        if let Event::Custom(name) = event {
            let id = self.prepare_exec(&unit, Exec::custom_event(name.as_str()))?;
            self.perform(&unit, &Step::Command(id), Cause::Asked)?;
            let outcome = self.model.commands.remove(&id).and_then(|command| command.outcome);
            let failed = outcome.and_then(Result::err);
            return failed.map_or(Ok(()), |reason| Err(SimulatorError::Exec { unit, reason }));
        }
        self.perform(&unit, &Step::Hook(event.clone()), Cause::Asked)
    }

    /// Tells whether an action has failed because the test wanted it so.
    fn is_disturbed(&self, task: u32) -> bool {
        let is_it =
            |ran: &&Operation| matches!(ran.kind, OperationKind::Action { id, .. } if id == task);
        let ran = self.operations.iter().rev().find(is_it);
        ran.is_some_and(|ran| !ran.faults.is_empty() && !ran.exit.is_success())
    }

    /// Runs until all is idle; no unit may run as many operations.
    fn run_at_most(&mut self, operations: usize) -> Result<(), SimulatorError> {
        let mut ran: BTreeMap<UnitName, usize> = BTreeMap::new();
        while let Some(unit) = self.run_next_unit()? {
            let ran = ran.entry(unit.clone()).or_default();
            *ran += 1;
            if *ran == operations {
                return Err(SimulatorError::Restless { unit, operations });
            }
        }
        Ok(())
    }

    /// Takes one step of a unit's life.
    pub(super) fn perform(
        &mut self,
        unit: &UnitName,
        step: &Step,
        cause: Cause,
    ) -> Result<(), SimulatorError> {
        let agents = self.agents.as_ref().expect("agents begin with the first unit");
        let mut faults = || {
            let number = self.operations.len() + 1;
            let mut faults = self.faults.remove(unit).unwrap_or_default();
            faults.extend(self.numbered_faults.remove(&number).unwrap_or_default());
            faults
        };
        let ran = match step {
            Step::Action(task) => agents.run_action(&mut self.model, unit, *task, faults()),
            Step::Command(id) => match self.model.begin_command(unit, *id) {
                Ok(relation) => agents.run_command(&mut self.model, unit, *id, relation, faults()),
                Err(reason) => {
                    self.model.refuse_command(*id, reason);
                    self.answer_caller(*id);
                    return Ok(());
                }
            },
            Step::Hook(event) => agents.run_hook(&mut self.model, unit, event, faults()),
            Step::Skip(event) => {
                self.model.skip_hook(unit, event);
                self.forget_if_removed(unit, event);
                return Ok(());
            }
            Step::Remove => {
                self.forget(unit);
                return Ok(());
            }
            Step::Upgrade => return self.upgrade(unit),
        };
        let (mut operation, trouble) = match ran {
            Ok(operation) => (operation, None),
            Err(AgentError::Lingering { operation, connections }) => {
                (*operation, Some(Trouble::Lingering(connections)))
            }
            Err(AgentError::Missed { operation, faults }) => {
                (*operation, Some(Trouble::Missed(faults)))
            }
            Err(AgentError::Run { operation, unit, source }) => {
                if let Step::Command(id) = step {
                    self.answer_caller(*id);
                }
                return Err(SimulatorError::Run { operation, unit, source });
            }
        };
        operation.cause = cause;
        let error = trouble.map(|trouble| trouble.of(operation.clone()));
        let succeeded = operation.exit.is_success();
        if operation.faults.iter().any(|fault| matches!(fault, Fault::LoseLeadershipAtCall(_))) {
            self.model.settle_leadership(unit);
        }
        if let Some(trial) = &self.trial {
            trial.note(&operation);
            if matches!(step, Step::Hook(_)) && !operation.faults.is_empty() && !succeeded {
                self.model.resolve(unit, Retry::Yes);
            }
        }
        self.operations.push(operation);
        if let Step::Command(id) = step {
            self.answer_caller(*id);
        }
        if let (Step::Hook(event), true) = (step, succeeded) {
            self.forget_if_removed(unit, event);
        }
        error.map_or(Ok(()), Err)
    }

    /// Makes the storage that charms have asked for.
    fn provision_storage(&mut self) -> Result<(), SimulatorError> {
        for (unit, due) in std::mem::take(&mut self.model.storage_due) {
            self.model.add_storage(&unit, due);
            if let Some(agents) = &self.agents {
                let made = agents.make_storage(&self.model, &unit);
                made.map_err(|source| SimulatorError::Storage { unit, source })?;
            }
        }
        Ok(())
    }

    fn upgrade(&mut self, unit: &UnitName) -> Result<(), SimulatorError> {
        let package = Arc::clone(&self.charms[unit.application()]);
        let folder = self.agents.as_ref().map(|agents| agents.charm_dir(unit));
        if let (Some(folder), Some(former)) = (folder, self.unpacked.get(unit)) {
            let replaced = package.replace(former, &folder);
            replaced.map_err(|source| SimulatorError::Upgrade { unit: unit.clone(), source })?;
        }
        if let Some(agents) = &mut self.agents {
            agents.set_function(unit, package.function.as_ref());
            let linked = agents.link_tools(&self.model, unit);
            linked.map_err(|source| SimulatorError::Upgrade { unit: unit.clone(), source })?;
        }
        self.unpacked.insert(unit.clone(), package);
        self.model.commit_upgrade(unit);
        Ok(())
    }

    fn forget_if_removed(&mut self, unit: &UnitName, event: &Event) {
        if *event == Event::Remove {
            self.forget(unit);
        }
    }

    pub(super) fn forget(&mut self, unit: &UnitName) {
        self.abort_commands(unit);
        self.model.forget_unit(unit);
        self.unpacked.remove(unit);
        if !self.model.applications.contains_key(unit.application()) {
            self.charms.remove(unit.application());
        }
        if let Some(agents) = &mut self.agents {
            agents.set_function(unit, None);
            // What cannot be removed now goes with the whole folder.
            let _ = agents.remove_unit(unit);
        }
    }
}

/// What is wrong with an operation that has come to its end.
enum Trouble {
    Lingering(String),
    Missed(Vec<Fault>),
}

impl Trouble {
    fn of(self, operation: Operation) -> SimulatorError {
        let operation = Box::new(operation);
        match self {
            Self::Lingering(connections) => {
                SimulatorError::ConnectionsLeftOpen { operation, connections }
            }
            Self::Missed(faults) => SimulatorError::FaultsMissed { operation, faults },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_model_that_does_not_rest_is_noticed() {
        let charm = tempfile::tempdir().unwrap();
        fs::write(charm.path().join("metadata.yaml"), "name: a\nsummary: s\ndescription: d\n")
            .unwrap();
        fs::create_dir(charm.path().join("hooks")).unwrap();
        fs::write(charm.path().join("hooks/other"), "").unwrap();
        // No program is run at all: the charm has none for any hook.
        let mut juju = Simulator::builder().tool_program("/bin/true").build();
        juju.deploy(charm.path(), "a").unwrap();
        insta::assert_snapshot!(
            juju.run_at_most(3).unwrap_err(),
            @r#"unit "a/0" is not idle after 3 operations: some charm keeps giving it work"#
        );
        juju.run_at_most(2).unwrap();
    }
}
