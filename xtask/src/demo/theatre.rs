//! The simulated model with an audience: whatever it does is shown.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use juju_simulator::{LogLevel, Operation, Simulator};

use crate::{
    demo::{machine::Machine, screen},
    member::Workspace,
};

/// Names the scratch folder to the charm.
const SCRATCH: &str = "CHARM_MACHINE_SCRATCH";

pub(super) struct Theatre {
    pub(super) juju: Simulator,
    machine: Machine,
    shown: usize,
}

impl Theatre {
    pub(super) fn new(machine: Machine, tool_program: PathBuf) -> Self {
        let juju = Simulator::builder()
            .model_name("demo".parse().expect("a valid name"))
            .charm_variable(SCRATCH, machine.folder().to_string_lossy())
            .tool_program(tool_program)
            .build();
        Self { juju, machine, shown: 0 }
    }

    pub(super) fn run_until_idle(&mut self) -> anyhow::Result<()> {
        while self.juju.run_next()? {
            self.show_new();
        }
        Ok(())
    }

    pub(super) fn action(&mut self, name: &str) -> anyhow::Result<()> {
        screen::command(&format!("juju run {} {name}", super::UNIT));
        self.juju.run_action(super::UNIT, name, serde_json::json!({}))?;
        self.show_new();
        Ok(())
    }

    pub(super) fn show_status(&self) {
        screen::text(&self.juju.status().to_string());
    }

    /// Shows the hooks that have run since the last call.
    pub(super) fn show_new(&mut self) {
        for operation in &self.juju.operations()[self.shown..] {
            let mut changes = changes(operation);
            changes
                .extend(self.machine.new_changes().into_iter().map(|it| format!("machine: {it}")));
            screen::operation(&operation.kind.to_string(), operation.duration, &changes);
        }
        self.shown = self.juju.operations().len();
    }
}

/// Returns what an operation has changed in the model; if it has failed, why.
fn changes(operation: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    if !operation.exit.is_success() {
        lines.push(format!("failed: {}", operation.exit));
        let errors = operation.log.iter().filter(|line| line.level >= LogLevel::Error);
        lines.extend(errors.map(|line| format!("log: {}", line.message)));
    }
    lines.extend(operation.changes.iter().map(ToString::to_string));
    lines
}

/// Builds the program that stands for Juju's hook tools.
pub(super) fn tool_program(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    const NAME: &str = "juju-sim-tool";
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "juju-simulator", "--bin", NAME])
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "cannot build `{NAME}`");
    Ok(workspace.target().join("debug").join(NAME))
}
