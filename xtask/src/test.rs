//! `cargo xtask test`: every check and every test, and what had to be left out.

mod cargo;
mod part;
mod tally;

use std::{env, process::ExitCode};

use crate::{
    flags::TestFlags,
    member::Workspace,
    test::{
        part::{Part, parts},
        tally::Tally,
    },
    tidy,
};

/// Runs all parts, even after one has failed, and prints the sum.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(crate) fn run(workspace: &Workspace, flags: &TestFlags) -> anyhow::Result<ExitCode> {
    let strict = flags.all || env::var_os("CI").is_some_and(|value| value == "true");
    let mut tally = Tally::default();
    for Part { name, work } in parts(workspace, flags.long) {
        println!("\n== {name}");
        tally.add(name, work.run(workspace)?);
    }
    println!("\n== tidy");
    let faults = tidy::faults(workspace)?;
    for fault in &faults {
        println!("tidy: {fault}");
    }
    tally.check("tidy", faults.is_empty());
    print!("\n{}", tally.report(strict));
    Ok(if tally.succeeded(strict) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
