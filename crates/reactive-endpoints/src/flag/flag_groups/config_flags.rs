//! The flags of config options that have changed, and of those that have a value.

use python_json::Value;

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flag_groups::FlagGroup;

const CHANGED: Flag = Flag::new("config.changed");

/// Keeps the flags of config options during a run, as Python's layer does:
/// `config.changed.OPTION` and `config.changed` where a value is another than
/// in the last run that succeeded, and `config.set.OPTION` where it is not
/// empty, zero or false.
#[derive(Debug)]
pub(crate) struct ConfigFlags;

impl FlagGroup for ConfigFlags {
    fn contains(&self, flag: &str) -> bool {
        flag == CHANGED.as_str()
            || flag.starts_with("config.changed.")
            || flag.starts_with("config.set.")
    }

    fn manage(&self, cx: &Context) -> Result {
        let changes = cx.config_changes()?;
        for (option, value) in changes.options() {
            cx.toggle(changed(option), changes.changed(option));
            cx.toggle(set(option), has_value(value));
        }
        cx.toggle(CHANGED, changes.changed_options().next().is_some());
        Ok(())
    }

    fn end(&self, cx: &Context) -> Result {
        for option in cx.config_changes()?.options().keys() {
            cx.clear(changed(option));
            cx.clear(set(option));
        }
        cx.clear(CHANGED);
        Ok(())
    }
}

fn changed(option: &str) -> Flag {
    Flag::of_data(format!("config.changed.{option}"))
}

fn set(option: &str) -> Flag {
    Flag::of_data(format!("config.set.{option}"))
}

/// Tells what Python calls the truth of a value.
fn has_value(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Integer(number) => number.to_string() != "0",
        Value::Float(number) => f64::from(*number) != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
    }
}
