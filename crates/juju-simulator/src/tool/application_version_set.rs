use super::{Arguments, Call, Failure, Output};
use crate::agent::HookContext;

/// Runs `application-version-set`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    let [version, ..] = arguments.at_most(1)? else {
        return Err(Failure::usage("no version specified"));
    };
    context.set_workload_version(version);
    Ok(Output::none())
}
