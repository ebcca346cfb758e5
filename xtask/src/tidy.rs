//! `cargo xtask tidy`: what no lint knows.

mod arrows;
mod inheritance;
mod licences;

use std::process::ExitCode;

use crate::member::Workspace;

/// Prints every fault and fails if there is one.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<ExitCode> {
    let faults = faults(workspace)?;
    for fault in &faults {
        println!("tidy: {fault}");
    }
    if faults.is_empty() {
        println!("tidy: arrows, inherited settings and licences are in order");
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

/// Returns every fault of the workspace, each a line that names its place.
pub(crate) fn faults(workspace: &Workspace) -> anyhow::Result<Vec<String>> {
    let mut faults = arrows::faults(workspace)?;
    faults.extend(inheritance::faults(workspace)?);
    faults.extend(licences::faults(workspace)?);
    Ok(faults)
}
