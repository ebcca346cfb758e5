use std::io;
use std::path::Path;
use std::time::Instant;

use juju_types::{Event, UnitName};

use super::context::{ActionData, HookContext};
use super::faults::Faults;
use super::full_disk::FullDisk;
use super::machine_lock::MachineLock;
use super::process::{self, Ended, Plan};
use super::program::Program;
use super::snapshot::{self, Snapshot};
use super::variables::{self, Places};
use super::{Agents, Settings, outcome, thread};
use crate::cause::Cause;
use crate::change::Change;
use crate::fault::Fault;
use crate::model::{CommandRelation, Model};
use crate::operation::{Exit, Operation, OperationKind};
use crate::reboot::Reboot;

/// Running operations, each with what follows from it.
impl Agents {
    /// Runs a hook of a unit that is in the model, and what follows from its
    /// success or failure.
    pub(crate) fn run_hook(
        &self,
        model: &mut Model,
        unit: &UnitName,
        event: &Event,
        faults: Vec<Fault>,
    ) -> Result<Operation, AgentError> {
        let before = Snapshot::begin(model, unit);
        let shown = model.begin_hook(unit, event);
        let kind = OperationKind::Hook(event.clone());
        let mut run = self.run(self.context(model, unit, kind, faults))?;
        let exit = &run.operation.exit;
        if exit.is_success() || *exit == Exit::Rebooted {
            model.unit_mut(unit).progress.status_set |= run.status_set;
        }
        // Juju reboots before it notes that a hook has succeeded. So a unit that
        // reboots in its first start is not told of that by another one.
        run.reboot(model);
        let exit = &run.operation.exit;
        if exit.is_success() {
            model.commit_hook(unit, event, shown);
        } else if *exit == Exit::Rebooted {
            model.interrupt_hook(unit, event);
        } else {
            model.fail_hook(unit, event);
        }
        run.finish(model, before)
    }

    /// Runs the action of a task that is in the model.
    pub(crate) fn run_action(
        &self,
        model: &mut Model,
        unit: &UnitName,
        task: u32,
        faults: Vec<Fault>,
    ) -> Result<Operation, AgentError> {
        let before = Snapshot::begin(model, unit);
        let asked = &model.tasks[&task];
        let kind = OperationKind::Action { id: task, name: asked.name.clone() };
        let data = ActionData { params: asked.params.clone(), ..ActionData::default() };
        let mut context = self.context(model, unit, kind, faults);
        context.action = Some(data);
        let mut run = self.run(context)?;
        let data = run.action.take().unwrap_or_default();
        run.operation.changes.extend(snapshot::result_changes(&data.results));
        let outcome = outcome::of_action(task, data, &run, &model.version, unit);
        if let Some(task) = model.tasks.get_mut(&task) {
            task.outcome = Some(outcome);
        }
        let progress = &mut model.unit_mut(unit).progress;
        progress.actions.pop_front();
        progress.status_set |= run.status_set;
        run.finish(model, before)
    }

    /// Runs what `juju-exec` has asked for, and notes what came of it.
    pub(crate) fn run_command(
        &self,
        model: &mut Model,
        unit: &UnitName,
        command: u32,
        relation: Option<CommandRelation>,
        faults: Vec<Fault>,
    ) -> Result<Operation, AgentError> {
        let before = Snapshot::begin(model, unit);
        let kind = OperationKind::Exec(model.commands[&command].exec.clone());
        let mut context = self.context(model, unit, kind, faults);
        context.command_relation = relation;
        let mut run = self.run(context)?;
        let outcome = outcome::of_command(&run);
        if let Some(command) = model.commands.get_mut(&command) {
            command.outcome = Some(outcome);
        }
        model.unit_mut(unit).progress.status_set |= run.status_set;
        run.reboot(model);
        run.finish(model, before)
    }

    /// Begins an operation.
    fn context<'m>(
        &self,
        model: &'m mut Model,
        unit: &UnitName,
        kind: OperationKind,
        faults: Vec<Fault>,
    ) -> HookContext<'m> {
        let mut context = HookContext::new(model, unit.clone(), kind, self.resources_dir(unit));
        context.faults = Faults::new(faults);
        context
    }

    fn run(&self, mut context: HookContext<'_>) -> Result<Run, AgentError> {
        let unit = context.unit_name.clone();
        let charm_dir = self.charm_dir(&unit);
        let at = context.model.since_beginning();
        let started = Instant::now();
        let ended = match Program::find(&context, &charm_dir, self.functions.get(&unit)) {
            Ok(Some(program)) => self.start(&mut context, &program, &charm_dir),
            Ok(None) => Ok(Ended::without_process(Exit::Missing)),
            Err(reason) => Ok(Ended::without_process(Exit::NotStarted(reason))),
        };
        let duration = started.elapsed();
        let HookContext { kind, action, calls, log, status_set, reboot, faults, .. } = context;
        let operation = kind.to_string();
        let ended =
            ended.map_err(|source| AgentError::Run { operation, unit: unit.clone(), source })?;
        let Ended { mut exit, stdout, stderr, lingering } = ended;
        if reboot == Some(Reboot::Now) {
            exit = Exit::Rebooted;
        }
        let (faults, missed) = faults.into_struck_and_missed();
        let changes = Vec::new();
        // Whoever has it run knows why.
        let cause = Cause::Asked;
        let operation =
            Operation { unit, kind, cause, at, duration, exit, calls, changes, log, faults };
        Ok(Run { operation, action, status_set, reboot, stdout, stderr, lingering, missed })
    }

    fn start(
        &self,
        context: &mut HookContext<'_>,
        program: &Program,
        charm_dir: &Path,
    ) -> io::Result<Ended> {
        let machine = context.unit().machine.as_ref();
        let machine = machine.and_then(|id| context.model.machines.get(id));
        let entrance = machine.map_or_else(Vec::new, |machine| machine.entrance.clone());
        let is_full = context.faults.strike(&Fault::FullDisk);
        if is_full && !entrance.is_empty() {
            return Err(io::Error::other(
                "a machine that is entered by a command has its own disk",
            ));
        }
        let full_disk = is_full.then(|| FullDisk::mount(charm_dir)).transpose()?;
        let unit = &context.unit_name;
        let (socket, tools_dir) = (self.socket(unit), self.tools_dir(unit));
        let machine_dir = self.machine_dir(context.model, unit);
        let bin_dir = machine_dir.join("bin");
        // A function is on no disk of its own: it finds the folder by its path.
        let outside = full_disk.as_ref().filter(|_| matches!(program, Program::Function(_)));
        let outside = outside.map(FullDisk::path);
        let charm_dir = outside.as_deref().unwrap_or(charm_dir);
        let places =
            Places { charm_dir, socket: &socket, tools_dir: &tools_dir, bin_dir: &bin_dir };
        let mut variables = variables::variables(context, &places, program);
        for (name, value) in &self.settings.charm_variables {
            variables.retain(|(juju, _)| juju != name);
            variables.push((name.clone(), value.clone()));
        }
        let Settings { mut time_limit, linger_limit, .. } = self.settings;
        if let Some(own) = context.own_time_limit() {
            time_limit = time_limit.min(own);
        }
        let _lock = MachineLock::acquire(&machine_dir.join("lock"), time_limit)?;
        let plan = Plan {
            charm_dir,
            entrance: &entrance,
            full_disk: full_disk.as_ref(),
            socket: &socket,
            variables,
            time_limit,
            linger_limit,
        };
        let ended = match program {
            Program::Function(charm) => thread::run(context, charm, &plan),
            Program::File(_) | Program::Shell(_) => process::run(context, program, &plan),
        };
        full_disk.map_or(Ok(()), FullDisk::put_back)?;
        ended
    }
}

/// An operation that has ended, and what its consequences depend on.
pub(super) struct Run {
    pub(super) operation: Operation,
    action: Option<ActionData>,
    status_set: bool,
    reboot: Option<Reboot>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    lingering: Vec<String>,
    /// The faults that have not struck.
    missed: Vec<Fault>,
}

impl Run {
    /// Reboots the machine if the charm wants it and has not failed.
    fn reboot(&mut self, model: &mut Model) {
        let is_due = match self.reboot {
            Some(Reboot::Afterwards) => self.operation.kind.is_kept_after(&self.operation.exit),
            Some(Reboot::Now) => true,
            None => false,
        };
        if is_due {
            model.reboot(&self.operation.unit);
            self.operation.changes.push(Change::Reboot);
        }
    }

    /// Notes what is different in the model since, and what has gone wrong.
    fn finish(mut self, model: &Model, before: Snapshot) -> Result<Operation, AgentError> {
        self.operation.changes.extend(before.changes(model, &self.operation.unit));
        let operation = Box::new(self.operation);
        if !self.lingering.is_empty() {
            let connections = self.lingering.join("; ");
            return Err(AgentError::Lingering { operation, connections });
        }
        if !self.missed.is_empty() {
            return Err(AgentError::Missed { operation, faults: self.missed });
        }
        Ok(*operation)
    }
}

impl Ended {
    fn without_process(exit: Exit) -> Self {
        Self { exit, stdout: Vec::new(), stderr: Vec::new(), lingering: Vec::new() }
    }
}

/// Why an operation could not be run to its end.
#[derive(Debug)]
pub(crate) enum AgentError {
    /// Connections stayed open. All else about the operation is in order.
    Lingering { operation: Box<Operation>, connections: String },
    /// Faults have not struck. All else about the operation is in order.
    Missed { operation: Box<Operation>, faults: Vec<Fault> },
    /// The operating system does not let the agent work.
    Run { operation: String, unit: UnitName, source: io::Error },
}
