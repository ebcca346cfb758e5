//! A machine charm that installs and runs `prometheus-node-exporter`.

mod exporter;
mod options;

use std::process::ExitCode;

use charm_machine::Machine;
use juju_hook_env::{CharmResult, HookEnv, Juju};

use crate::exporter::Exporter;

/// Names a folder to work on in place of the machine. Juju never sets it; the
/// demo and tests do.
const SCRATCH: &str = "CHARM_MACHINE_SCRATCH";

fn main() -> ExitCode {
    juju_hook_env::run(dispatch)
}

fn dispatch(env: &HookEnv, juju: &Juju) -> CharmResult {
    Exporter::new(machine(env)?).handle(env, juju)
}

fn machine(env: &HookEnv) -> Result<Machine, charm_machine::FileError> {
    let Some(folder) = env.other(SCRATCH) else { return Ok(Machine::host()) };
    let machine = Machine::scratch_at(folder)?;
    if let Some(scratch) = machine.as_scratch() {
        scratch.provide_any_package();
    }
    Ok(machine)
}
