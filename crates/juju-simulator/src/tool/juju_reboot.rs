use super::{Arguments, Call, Failure, Flag, Output};
use crate::agent::HookContext;

/// Runs `juju-reboot`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[Flag::switch(&["now"])])?;
    arguments.at_most(0)?;
    if context.action.is_some() {
        return Err(Failure::failed("juju-reboot is not supported when running an action."));
    }
    if arguments.has("now") {
        return Err(Failure::failed("juju-reboot --now is not yet simulated"));
    }
    context.reboot = true;
    Ok(Output::none())
}
