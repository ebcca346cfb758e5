//! What a run of a charm on `reactive-endpoints` costs, and what one on
//! Python's `charms.reactive` does.
//!
//! `cargo xtask bench` builds what is needed and runs it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

#[path = "../../src/bin/reactive-charm/charm.rs"]
mod charm;
mod idle;
mod many_flags;
mod many_units;
mod no_op;
mod process;
mod python;
mod shape;
mod side_by_side;

use std::process::ExitCode;

fn main() -> ExitCode {
    let met = [
        idle::measure(),
        many_units::measure(),
        many_flags::measure(),
        no_op::measure(),
        python::measure(),
    ];
    if met.iter().all(|met| *met) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
