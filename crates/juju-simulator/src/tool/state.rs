use juju_types::JujuVersion;

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Output, key_values, string_map};
use crate::agent::HookContext;
use crate::go::{self, Value};

const FLAGS: OutputFlags = OutputFlags::SMART;
const MAX_KEY_BYTES: usize = 256;
const MAX_VALUE_BYTES: usize = 65_536;

/// Runs `state-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, vec![Flag::switch(&["strict"])])?;
    let key = arguments.at_most(1)?.first().filter(|key| *key != "-");
    let state = context.charm_state();
    let value = match key {
        None if state.is_empty() => Value::Null,
        None => Value::texts(&state),
        Some(key) => match state.get(key) {
            Some(value) => value.as_str().into(),
            None if arguments.has("strict") => {
                return Err(Failure::failed(format!("{} not found", go::quote(key))));
            }
            None => "".into(),
        },
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `state-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[Flag::value(&["file"])])?;
    let overriding = key_values::parse(arguments.positional())?;
    let mut entries = match arguments.value("file").filter(|file| !file.is_empty()) {
        Some(file) => string_map::parse(&call.read(file)?)?,
        None => std::collections::BTreeMap::new(),
    };
    entries.extend(overriding);
    for (key, value) in &entries {
        if key.len() > MAX_KEY_BYTES {
            return Err(too_long("key", MAX_KEY_BYTES, &context.model.version));
        }
        if value.len() > MAX_VALUE_BYTES {
            return Err(too_long("value", MAX_VALUE_BYTES, &context.model.version));
        }
    }
    for (key, value) in entries {
        context.set_charm_state(key, Some(value));
    }
    Ok(Output::none())
}

fn too_long(what: &str, max: usize, version: &JujuVersion) -> Failure {
    let exceeded = if version.has_quota_errors() { ": quota limit exceeded" } else { " exceeded" };
    Failure::failed(format!("max allowed {what} length ({max}){exceeded}"))
}

/// Runs `state-delete`.
pub(super) fn delete(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    if let Some(key) = arguments.at_most(1)?.first() {
        context.set_charm_state(key.clone(), None);
    }
    Ok(Output::none())
}
