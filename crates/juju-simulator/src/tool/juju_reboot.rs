use super::{Arguments, Call, Failure, Flag, Output};
use crate::agent::HookContext;
use crate::reboot::Reboot;

/// Runs `juju-reboot`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[Flag::switch(&["now"])])?;
    arguments.at_most(0)?;
    if context.action.is_some() {
        return Err(Failure::failed("juju-reboot is not supported when running an action."));
    }
    context.reboot = Some(if arguments.has("now") { Reboot::Now } else { Reboot::Afterwards });
    Ok(Output::none())
}
