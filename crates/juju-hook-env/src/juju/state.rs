//! The state that Juju keeps for the unit.

use std::collections::BTreeMap;

use super::Juju;
use super::relation_data::pairs;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;
use crate::yaml_safe_json;

/// What is remembered of the state: all of it.
#[derive(Debug, Default)]
pub(super) struct Memos {
    all: Memo<(), BTreeMap<String, String>>,
}

impl Juju {
    /// Returns all that is kept for this unit, with what was written in this
    /// hook.
    ///
    /// Wraps the hook tool [`state-get`]. It is asked once in a hook, and
    /// again after a write.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`state-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-get/
    pub fn state_get(&self) -> Result<BTreeMap<String, String>, ToolError> {
        self.state.all.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::StateGet, ["--format=json"]);
            // Nothing at all is `null`.
            let state: Option<_> = self.ask_json(&call, "an object of texts")?;
            Ok(state.unwrap_or_default())
        })
    }

    /// Returns what is kept under one key, `None` if there is no such key. An
    /// empty text is a value like any other.
    ///
    /// Wraps the hook tool [`state-get`], see [`Juju::state_get`]: asked for a
    /// single key, the tool could not tell the two apart.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`state-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-get/
    pub fn state_get_key(&self, key: &str) -> Result<Option<String>, ToolError> {
        Ok(self.state_get()?.remove(key))
    }

    /// Keeps values for the next hooks of this unit. Keys that are not named
    /// stay as they are. An empty value is kept, too; to remove a key, there
    /// is [`Juju::state_delete`].
    ///
    /// It is kept when the hook has succeeded. A key has at most 256 bytes, a
    /// value 65,536, and all together two million unless the controller is set
    /// otherwise.
    ///
    /// Wraps the hook tool [`state-set`], and hands it the values through its
    /// standard input. Pairs that are there already are not sent; to find out,
    /// the state is read as [`Juju::state_get`] does.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if a key is empty, or a key or value
    /// too long, before anything is sent.
    ///
    /// [`state-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-set/
    pub fn state_set<K, V>(&self, values: impl IntoIterator<Item = (K, V)>) -> Result<(), ToolError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let tool = HookTool::StateSet;
        let mut values = pairs(values);
        for (key, value) in &values {
            let rule = if key.is_empty() {
                "must not be empty".to_owned()
            } else if key.len() > LONGEST_KEY {
                format!("has {} bytes, and must have at most {LONGEST_KEY}", key.len())
            } else if value.len() > LONGEST_VALUE {
                let length = value.len();
                format!("has a value of {length} bytes, and may have at most {LONGEST_VALUE}")
            } else {
                continue;
            };
            return Err(ToolError::bad_argument(tool, format!("the key `{key}` {rule}")));
        }
        let known = self.state_get()?;
        values.retain(|key, value| known.get(key) != Some(value));
        if values.is_empty() {
            return Ok(());
        }
        let call = ToolCall::new(tool, ["--file", "-"]);
        self.state.all.clear();
        self.tell(&call.with_stdin(yaml_safe_json::write(&values)))
    }

    /// Forgets what is kept under one key, when the hook has succeeded.
    ///
    /// Wraps the hook tool [`state-delete`]. A key that is not there is not
    /// sent; to find out, the state is read as [`Juju::state_get`] does.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju refuses or there is no answer.
    ///
    /// [`state-delete`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/state-delete/
    pub fn state_delete(&self, key: &str) -> Result<(), ToolError> {
        if !self.state_get()?.contains_key(key) {
            return Ok(());
        }
        self.state.all.clear();
        self.tell(&ToolCall::new(HookTool::StateDelete, ["--", key]))
    }
}

/// Juju's limit for a key, in bytes.
const LONGEST_KEY: usize = 256;

/// Juju's limit for a value, in bytes.
const LONGEST_VALUE: usize = 65_536;
