use super::output::OutputFlags;
use super::{Call, Failure, Output};
use crate::agent::HookContext;
use crate::go;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `unit-get`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    let setting =
        arguments.positional().first().ok_or_else(|| Failure::usage("no setting specified"))?;
    let address = match setting.as_str() {
        "private-address" => &context.unit().private_address,
        "public-address" => &context.unit().public_address,
        _ => return Err(Failure::usage(format!("unknown setting {}", go::quote(setting)))),
    };
    arguments.at_most(1)?;
    if address.is_empty() {
        return Err(Failure::failed(format!("{} not found", setting.replace('-', " "))));
    }
    FLAGS.print(call, &arguments, &address.as_str().into())
}
