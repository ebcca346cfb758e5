use juju_types::ConfigValue;

use super::output::OutputFlags;
use super::{Call, Failure, Flag, Output};
use crate::agent::HookContext;
use crate::go::{self, Value};

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `config-get`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, vec![Flag::switch(&["all", "a"])])?;
    let key = arguments.positional().first().filter(|key| *key != "-");
    let all = arguments.has("all");
    if let Some(key) = key.filter(|_| all) {
        let key = go::quote(key);
        return Err(Failure::usage(format!("cannot use argument --all together with key {key}")));
    }
    arguments.at_most(1)?;
    let config = context.config();
    let value = match key {
        Some(key) => config.get(key).and_then(Option::as_ref).map_or(Value::Null, to_value),
        None => Value::Map(
            config
                .iter()
                .filter(|(_, value)| all || value.is_some())
                .map(|(key, value)| (key.clone(), value.as_ref().map_or(Value::Null, to_value)))
                .collect(),
        ),
    };
    FLAGS.print(call, &arguments, &value)
}

fn to_value(value: &ConfigValue) -> Value {
    match value {
        ConfigValue::Boolean(truth) => Value::Boolean(*truth),
        ConfigValue::Float(number) => Value::Number(*number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "whole numbers lose it on their way to a real unit, too"
        )]
        ConfigValue::Int(number) => Value::Number(*number as f64),
        ConfigValue::Secret(text) | ConfigValue::String(text) => text.as_str().into(),
    }
}
