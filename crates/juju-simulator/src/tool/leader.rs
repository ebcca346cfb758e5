use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Output, key_values};
use crate::agent::HookContext;
use crate::go::Value;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `leader-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    let key = arguments.at_most(1)?.first().filter(|key| *key != "-");
    let settings = &context.application().leader_settings;
    let value = match key {
        Some(key) => settings.get(key).map_or(Value::Null, |value| value.as_str().into()),
        None => Value::texts(settings),
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `leader-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    let settings = key_values::parse(arguments.positional())?;
    if !context.is_leader() {
        let reason = "cannot write settings: not the leader";
        return Err(Failure::failed(format!("cannot write leadership settings: {reason}")));
    }
    context.set_leader_settings(settings);
    Ok(Output::none())
}
