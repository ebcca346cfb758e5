use super::output::OutputFlags;
use super::{Call, Failure, Output};
use crate::agent::HookContext;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `credential-get`, which only trusted applications can.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    arguments.at_most(0)?;
    if !context.application().is_trusted {
        return Err(Failure::failed("cannot access cloud credentials: permission denied"));
    }
    FLAGS.print(call, &arguments, &context.model.cloud.to_value())
}
