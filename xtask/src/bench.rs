//! `cargo xtask bench`: what things cost, as ratios measured in one run.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::member::Workspace;

/// Where temporary files are kept in memory: what a file system on a disk takes
/// for the sockets of thousands of hooks is not ours to measure.
const MEMORY: &str = "/dev/shm";

/// Builds the simulator's tool program and runs the benches.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<ExitCode> {
    let build = "build --quiet --release --package juju-simulator --bin juju-sim-tool";
    ensure!(cargo(workspace, build)?, "cannot build the tool program");
    let mut all_met = true;
    for bench in ["tool_calls", "many_calls", "settling"] {
        let run = format!("bench --quiet --package charmwright-tests --bench {bench}");
        all_met &= cargo(workspace, &run)?;
    }
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a command of cargo's, and returns whether it succeeded.
fn cargo(workspace: &Workspace, arguments: &str) -> anyhow::Result<bool> {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments.split(' ')).current_dir(workspace.root());
    if Path::new(MEMORY).is_dir() {
        command.env("TMPDIR", MEMORY);
    }
    Ok(command.status().context("cannot start cargo")?.success())
}
