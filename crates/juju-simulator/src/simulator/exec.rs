//! Running text for a shell in the context of a unit.

use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use juju_agent_rpc::Response;
use juju_types::UnitName;

use super::Simulator;
use crate::agent::{Agents, ExecCall};
use crate::exec::Exec;
use crate::exec_outcome::ExecOutcome;
use crate::simulator_error::SimulatorError;

/// Why there is no answer if the unit has gone before its turn.
const ABORTED: &str = "command execution aborted";

/// Who waits for the answer to a run of the program `juju-exec`.
pub(super) type Caller = SyncSender<Result<Response, String>>;

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
        let outcome = outcome.unwrap_or_else(|| Err(ABORTED.to_owned()));
        outcome.map_err(|reason| SimulatorError::Exec { unit, reason })
    }

    /// Returns the path of the program `juju-exec` (before Juju 3, `juju-run`)
    /// on the machine of a unit, if there is such a unit and the program that
    /// plays the hook tools is known. Charms find it on their `PATH`.
    ///
    /// The program waits until the simulator has run what it asks for: whoever
    /// starts it must not wait for it in the thread that is to call
    /// [`run_until_idle`](Self::run_until_idle).
    pub fn exec_program(&self, unit: &str) -> Option<PathBuf> {
        let unit = self.find_unit(unit).ok()?;
        let program = self.agents.as_ref()?.exec_program(&self.model, &unit);
        program.exists().then_some(program)
    }

    /// Waits, by the wall clock, until somebody has run the program
    /// `juju-exec`, and returns whether that has happened within `limit`. The
    /// next call of [`run_until_idle`](Self::run_until_idle) answers it.
    ///
    /// Calls that come before or while something runs wait by themselves; this
    /// is for a test of what runs the program sooner or later, such as a daemon
    /// that a charm has started.
    #[must_use]
    pub fn wait_for_exec(&mut self, limit: Duration) -> bool {
        let Some(agents) = &self.agents else { return false };
        let call = agents.wait_for_call(limit);
        call.map(|call| self.accept_call(call)).is_some()
    }

    /// Puts the calls of the program `juju-exec` that have come into the queues
    /// of their units.
    pub(super) fn accept_calls(&mut self) {
        while let Some(call) = self.agents.as_ref().and_then(Agents::next_call) {
            self.accept_call(call);
        }
    }

    fn accept_call(&mut self, ExecCall { request, reply }: ExecCall) {
        let name = &request.unit_name;
        let Ok(unit) = self.find_unit(name) else {
            let reason = match name.as_str() {
                "" => "missing unit name running command".to_owned(),
                name => format!("no runner is registered for unit {name}"),
            };
            // A caller that no longer waits needs no answer.
            let _ = reply.send(Err(reason));
            return;
        };
        let id = self.model.add_command(Exec::of_request(request));
        self.model.queue_command(&unit, id);
        self.callers.insert(id, reply);
    }

    /// Tells the caller of the program `juju-exec` what came of a command, if
    /// it was the program that has asked for it.
    pub(super) fn answer_caller(&mut self, id: u32) {
        let Some(caller) = self.callers.remove(&id) else { return };
        let outcome = self.model.commands.remove(&id).and_then(|command| command.outcome);
        let outcome = outcome.unwrap_or_else(|| Err(ABORTED.to_owned()));
        let response =
            outcome.map(|ExecOutcome { code, stdout, stderr }| Response { code, stdout, stderr });
        // A caller that no longer waits needs no answer.
        let _ = caller.send(response);
    }

    /// Lets go what a unit that is going has not run.
    pub(super) fn abort_commands(&mut self, unit: &UnitName) {
        if !self.model.units.contains_key(unit) {
            return;
        }
        for id in std::mem::take(&mut self.model.unit_mut(unit).progress.commands) {
            self.answer_caller(id);
            self.model.commands.remove(&id);
        }
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
