//! The application's configuration.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of the configuration: all of it, unset options as null.
#[derive(Debug, Default)]
pub(super) struct Memos {
    all: Memo<(), Map<String, Value>>,
}

impl Juju {
    /// Returns the configuration as a type of the charm's own.
    ///
    /// An option that is not set, and has no default, is absent: read it into
    /// an `Option`, or give the field `#[serde(default)]`. A float option may
    /// come as an integer, which serde reads as well.
    ///
    /// Wraps the hook tool [`config-get`]. All options are read at once, and
    /// once in a hook: Juju shows a hook no changes.
    ///
    /// ```
    /// # use juju_hook_env::{Juju, ToolError};
    /// #[derive(serde::Deserialize)]
    /// #[serde(rename_all = "kebab-case")]
    /// struct Config {
    ///     port: u16,
    ///     extra_args: Option<String>,
    /// }
    ///
    /// fn port(juju: &Juju) -> Result<u16, ToolError> {
    ///     juju.config_get::<Config>().map(|config| config.port)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::InvalidValue`], which names the option, if the
    /// configuration does not fit `T`.
    ///
    /// [`config-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/config-get/
    pub fn config_get<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        let mut options = self.config_options()?;
        options.retain(|_, value| !value.is_null());
        typed_whole(HookTool::ConfigGet, "config", Value::Object(options))
    }

    /// Returns one option, or `None` if it is not set.
    ///
    /// Wraps the hook tool [`config-get`], see [`Juju::config_get`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if the charm has no such option, and
    /// [`ToolError::InvalidValue`] if its value does not fit `T`.
    ///
    /// [`config-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/config-get/
    pub fn config_get_key<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, ToolError> {
        let tool = HookTool::ConfigGet;
        match self.config_options()?.remove(key) {
            None => Err(ToolError::NotFound {
                tool,
                message: format!("the charm has no config option `{key}`"),
            }),
            Some(Value::Null) => Ok(None),
            Some(value) => typed_key(tool, key, value).map(Some),
        }
    }

    /// Returns every option that the charm has, `None` where it is not set.
    ///
    /// Wraps the hook tool [`config-get`], see [`Juju::config_get`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer, or not an object.
    ///
    /// [`config-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/config-get/
    pub fn config_get_all(&self) -> Result<BTreeMap<String, Option<Value>>, ToolError> {
        let options = self.config_options()?.into_iter();
        Ok(options.map(|(name, value)| (name, Some(value).filter(|v| !v.is_null()))).collect())
    }

    fn config_options(&self) -> Result<Map<String, Value>, ToolError> {
        self.config.all.get_or_ask(&(), || {
            // Without a flag, options that are not set would look like options
            // that do not exist.
            let call = ToolCall::new(HookTool::ConfigGet, ["--all", "--format=json"]);
            let options: Option<_> = self.ask_json(&call, "an object of config options")?;
            Ok(options.unwrap_or_default())
        })
    }
}

/// Reads everything that a user has set, or names the place that is wrong.
pub(super) fn typed_whole<T: DeserializeOwned>(
    tool: HookTool,
    whole: &str,
    value: Value,
) -> Result<T, ToolError> {
    typed(tool, value, |path| path.unwrap_or_else(|| whole.to_owned()))
}

/// Reads one value that a user has set, or names the place that is wrong.
pub(super) fn typed_key<T: DeserializeOwned>(
    tool: HookTool,
    key: &str,
    value: Value,
) -> Result<T, ToolError> {
    typed(tool, value, |path| match path {
        Some(path) => format!("{key}.{path}"),
        None => key.to_owned(),
    })
}

fn typed<T: DeserializeOwned>(
    tool: HookTool,
    value: Value,
    name: impl FnOnce(Option<String>) -> String,
) -> Result<T, ToolError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = Some(error.path().to_string()).filter(|path| path != ".");
        ToolError::InvalidValue { tool, name: name(path), message: error.into_inner().to_string() }
    })
}
