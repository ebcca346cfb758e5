use super::output::OutputFlags;
use super::{Call, Failure, Output};
use crate::agent::HookContext;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `is-leader`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    arguments.at_most(0)?;
    FLAGS.print(call, &arguments, &context.is_leader().into())
}
