//! `cargo xtask bench`: what things cost, as ratios measured in one run.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::member::Workspace;

/// Where temporary files are kept in memory: what a file system on a disk takes
/// for the sockets of thousands of hooks is not ours to measure.
const MEMORY: &str = "/dev/shm";

/// Builds the simulator's tool program and a charm, and runs the benches.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<ExitCode> {
    let build = "build --quiet --release --package juju-simulator --bin juju-sim-tool";
    ensure!(succeeds(&mut cargo(workspace, build))?, "cannot build the tool program");
    ensure!(succeeds(&mut build_charm(workspace))?, "cannot build the charm");
    let mut all_met = true;
    for bench in ["tool_calls", "many_calls", "settling", "reactive", "prometheus_files"] {
        let run = format!("bench --quiet --package charmwright-tests --bench {bench}");
        all_met &= succeeds(&mut cargo(workspace, &run))?;
    }
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds a charm as `cargo charm pack` does. Flags are for the charm alone
/// only where a target is named, be it this machine's own.
fn build_charm(workspace: &Workspace) -> Command {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let charm = "--package charmwright-tests --bin reactive-charm";
    let build = format!("build --quiet --profile charm {charm} --target {target}");
    let mut command = cargo(workspace, &build);
    command.env("RUSTFLAGS", "-Ctarget-feature=+crt-static");
    command
}

fn cargo(workspace: &Workspace, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments.split(' ')).current_dir(workspace.root());
    if Path::new(MEMORY).is_dir() {
        command.env("TMPDIR", MEMORY);
    }
    command
}

/// Runs a command of cargo's, and returns whether it succeeded.
fn succeeds(command: &mut Command) -> anyhow::Result<bool> {
    Ok(command.status().context("cannot start cargo")?.success())
}
