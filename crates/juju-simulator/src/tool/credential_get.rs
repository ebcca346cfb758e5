use super::output::OutputFlags;
use super::{Call, Failure, Output};
use crate::agent::HookContext;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `credential-get`. No application is trusted here, as there is no cloud.
pub(super) fn run(_context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    FLAGS.parse(call, Vec::new())?.at_most(0)?;
    Err(Failure::failed("cannot access cloud credentials: permission denied"))
}
