//! `cargo xtask demo`: packs the example and plays its life.

use std::process::ExitCode;

use crate::member::Workspace;

pub(crate) fn run(_workspace: &Workspace) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not there yet")
}
