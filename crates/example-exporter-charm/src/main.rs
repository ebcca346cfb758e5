//! A machine charm that installs and runs `prometheus-node-exporter`.

mod exporter;
mod notices;
mod options;
mod tls;

use std::process::ExitCode;

use charm_machine::Machine;
use reactive_endpoints::{Context, Result};

use crate::exporter::{Exporter, exporter};

/// Names a folder to work on in place of the machine. Juju never sets it; the
/// demo and tests do.
const SCRATCH: &str = "CHARM_MACHINE_SCRATCH";

fn main() -> ExitCode {
    exporter(Machine::host()).at_start(work_on_scratch).run()
}

fn work_on_scratch(exporter: &mut Exporter, cx: &Context) -> Result {
    let Some(folder) = cx.env().other(SCRATCH) else { return Ok(()) };
    exporter.machine = Machine::scratch_at(folder)?;
    if let Some(scratch) = exporter.machine.as_scratch() {
        scratch.provide_any_package();
    }
    Ok(())
}
