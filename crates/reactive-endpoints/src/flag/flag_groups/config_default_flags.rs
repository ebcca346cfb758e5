//! The flags of config options that have their default value.

use python_json::Value;

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flag_groups::FlagGroup;
use crate::flag::flag_groups::config_changes::is_same;

/// Keeps `config.default.OPTION` during a run, as Python's layer does: it is
/// set where an option has its default value, or has neither a value nor a
/// default. They are a group of their own, as nobody else reads the charm's
/// YAML.
#[derive(Debug)]
pub(crate) struct ConfigDefaultFlags;

impl FlagGroup for ConfigDefaultFlags {
    fn contains(&self, flag: &str) -> bool {
        flag.starts_with("config.default.")
    }

    fn manage(&self, cx: &Context) -> Result {
        let defaults = cx.charm_yaml().defaults();
        for (option, value) in cx.config_changes()?.options() {
            let default = defaults.get(option).unwrap_or(&Value::Null);
            cx.toggle(default_flag(option), is_same(value, default));
        }
        Ok(())
    }

    fn end(&self, cx: &Context) -> Result {
        for option in cx.config_changes()?.options().keys() {
            cx.clear(default_flag(option));
        }
        Ok(())
    }
}

fn default_flag(option: &str) -> Flag {
    Flag::of_data(format!("config.default.{option}"))
}
