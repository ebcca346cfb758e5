//! Running text for a shell in the context of a unit.

use juju_types::UnitName;

use super::Simulator;
use crate::exec::Exec;
use crate::exec_outcome::ExecOutcome;
use crate::simulator_error::SimulatorError;

impl Simulator {
    /// Has a unit run text for a shell as `juju-exec` does on its machine, runs
    /// all until idle, and returns what came of it.
    ///
    /// The text is fed to `/bin/bash -s` in the charm's folder, when it is its
    /// turn among the unit's operations: behind actions, and also while a hook
    /// has failed. What it changes is kept whatever its exit code is. What it
    /// prints is not logged.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut juju = juju_simulator::Simulator::new();
    /// let outcome = juju.exec("exporter/0", "config-get port")?;
    /// assert_eq!((outcome.code, outcome.stdout), (0, b"9100\n".to_vec()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoUnit`] if there is no such unit.
    /// - [`SimulatorError::Exec`] if Juju refuses to run the text, if a signal
    ///   or the time limit has ended it, if the flush has failed, or if the
    ///   unit is gone before it could run it.
    /// - [`SimulatorError::ToolProgram`] if the program that plays the hook
    ///   tools is not there. A charm that is a function has not needed it.
    /// - Those of [`run_until_idle`](Self::run_until_idle).
    pub fn exec(
        &mut self,
        unit: &str,
        exec: impl Into<Exec>,
    ) -> Result<ExecOutcome, SimulatorError> {
        let unit = self.find_unit(unit)?;
        let id = self.prepare_exec(&unit, exec.into())?;
        self.model.queue_command(&unit, id);
        let ran = self.run_until_idle();
        let outcome = self.model.commands.remove(&id).and_then(|command| command.outcome);
        ran?;
        let outcome = outcome.unwrap_or_else(|| Err("command execution aborted".to_owned()));
        outcome.map_err(|reason| SimulatorError::Exec { unit, reason })
    }

    /// Checks what is to be run, and gives it a number.
    pub(super) fn prepare_exec(
        &mut self,
        unit: &UnitName,
        exec: Exec,
    ) -> Result<u32, SimulatorError> {
        exec.check().map_err(|reason| SimulatorError::Exec { unit: unit.clone(), reason })?;
        let is_call = exec.event_variables().is_some() && self.unpacked[unit].function.is_some();
        if !is_call {
            self.link_tools(unit)?;
        }
        Ok(self.model.add_command(exec))
    }

    /// Gives a unit the hook tools, which it has not if its charm is a function.
    pub(super) fn link_tools(&mut self, unit: &UnitName) -> Result<(), SimulatorError> {
        let Some(agents) = &mut self.agents else { return Ok(()) };
        agents.find_tools().map_err(SimulatorError::ToolProgram)?;
        let linked = agents.link_tools(&self.model, unit);
        let operation = "juju-exec".to_owned();
        linked.map_err(|source| SimulatorError::Run { operation, unit: unit.clone(), source })
    }
}
