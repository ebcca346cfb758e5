//! A machine charm that installs Prometheus and runs it with the jobs of its
//! relations.

mod configuration;
mod culprits;
mod jobs;
mod options;
mod prometheus;
mod promtool;
mod reload;
mod server;

use std::process::ExitCode;

use charm_machine::{Machine, ScratchPackage};
use reactive_endpoints::{Context, Result};

use crate::prometheus::{Prometheus, prometheus};

/// Names a folder to work on in place of the machine. Juju never sets it; the
/// demo and tests do.
const SCRATCH: &str = "CHARM_MACHINE_SCRATCH";

fn main() -> ExitCode {
    prometheus(Machine::host()).at_start(work_on_scratch).run()
}

fn work_on_scratch(prometheus: &mut Prometheus, cx: &Context) -> Result {
    let Some(folder) = cx.env().other(SCRATCH) else { return Ok(()) };
    prometheus.machine = Machine::scratch_at(folder)?;
    if let Some(scratch) = prometheus.machine.as_scratch() {
        // What a job may say depends on the version.
        scratch.provide_package(ScratchPackage::new("prometheus", "2.42.0").service("prometheus"));
        promtool::answer_on(scratch);
        reload::answer_on(scratch);
    }
    Ok(())
}
