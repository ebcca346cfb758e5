//! What the daemon of `systemd-notices` costs, and what that of Python's
//! `juju_systemd_notices` does, on one machine in turn.
//!
//! `cargo xtask bench --machine` builds what is needed and runs it. Python's is
//! measured if `PYTHON_NOTICES` names a folder with `juju_systemd_notices.py`
//! (of canonical/operator-libs-linux) and, in `venv/`, what it imports.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

mod daemon;
mod figures;
mod machine;
mod told;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::daemon::Daemon;
use crate::machine::Machine;

fn main() -> ExitCode {
    let python = std::env::var_os("PYTHON_NOTICES").map(PathBuf::from);
    let machine = Machine::boot(python.as_deref());
    let mut daemons = vec![Daemon::Ours];
    match python {
        Some(_) => daemons.push(Daemon::Python),
        None => println!("Python's daemon is left out: PYTHON_NOTICES names no folder"),
    }
    let all = figures::measure(&machine, &daemons);
    for (daemon, figures) in daemons.iter().zip(&all) {
        println!("{daemon:?}: {figures}");
    }
    if all[0].meet_goals(all.get(1)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
