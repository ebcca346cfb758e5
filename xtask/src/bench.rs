//! `cargo xtask bench`: what things cost, as ratios measured in one run.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};

use throwaway_machine::ThrowawayMachine;

use crate::{flags::BenchFlags, member::Workspace};

/// Where temporary files are kept in memory: what a file system on a disk takes
/// for the sockets of thousands of hooks is not ours to measure.
const MEMORY: &str = "/dev/shm";

/// Runs the benches.
pub(crate) fn run(workspace: &Workspace, flags: &BenchFlags) -> anyhow::Result<ExitCode> {
    let all_met = if flags.machine { on_machine(workspace) } else { without_machine(workspace) }?;
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the notices daemon and the program that it calls, and runs the bench.
fn on_machine(workspace: &Workspace) -> anyhow::Result<bool> {
    if let Some(missing) = ThrowawayMachine::missing() {
        bail!("there can be no throw-away machine: {missing}");
    }
    for program in [
        "--package systemd-notices --bin juju-systemd-notices",
        "--package charmwright-tests --bin notices-probe",
    ] {
        ensure!(succeeds(&mut build_charm(workspace, program))?, "cannot build {program}");
    }
    // The bench itself only looks on.
    let run = "bench --quiet --profile dev --package charmwright-tests --bench notices";
    succeeds(&mut cargo(workspace, run))
}

/// Builds the simulator's tool program and a charm, and runs the benches.
fn without_machine(workspace: &Workspace) -> anyhow::Result<bool> {
    let build = "build --quiet --release --package juju-simulator --bin juju-sim-tool";
    ensure!(succeeds(&mut cargo(workspace, build))?, "cannot build the tool program");
    let charm = "--package charmwright-tests --bin reactive-charm";
    ensure!(succeeds(&mut build_charm(workspace, charm))?, "cannot build the charm");
    let mut all_met = true;
    for bench in ["tool_calls", "many_calls", "settling", "reactive", "prometheus_files"] {
        let run = format!("bench --quiet --package charmwright-tests --bench {bench}");
        all_met &= succeeds(&mut cargo(workspace, &run))?;
    }
    Ok(all_met)
}

/// Builds a program as `cargo charm pack` does. Flags are for the program alone
/// only where a target is named, be it this machine's own.
fn build_charm(workspace: &Workspace, program: &str) -> Command {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let build = format!("build --quiet --profile charm {program} --target {target}");
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
