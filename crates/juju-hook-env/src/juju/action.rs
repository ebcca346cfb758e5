//! Actions.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Juju;
use super::config::{typed_key, typed_whole};
use super::log::pieces;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of the action: its parameters, and the results that were
/// sent last. (Earlier ones may have been replaced by those.)
#[derive(Debug, Default)]
pub(super) struct Memos {
    parameters: Memo<(), Map<String, Value>>,
    last_results: Memo<(), Vec<String>>,
}

impl Juju {
    /// Returns the parameters of the action as a type of the charm's own.
    ///
    /// Juju has checked them against `actions.yaml` and filled in defaults. A
    /// parameter without either is absent: read it into an `Option`.
    ///
    /// Wraps the hook tool [`action-get`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInAction`] if no action runs, and
    /// [`ToolError::InvalidValue`], which names the parameter, if the
    /// parameters do not fit `T`.
    ///
    /// [`action-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/action-get/
    pub fn action_get<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        typed_whole(HookTool::ActionGet, "parameters", Value::Object(self.action_parameters()?))
    }

    /// Returns one parameter of the action, or `None` if it is not given. Dots
    /// in `key` lead into nested parameters, as in `compression.kind`.
    ///
    /// Wraps the hook tool [`action-get`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInAction`] if no action runs, and
    /// [`ToolError::InvalidValue`] if the parameter does not fit `T`.
    ///
    /// [`action-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/action-get/
    pub fn action_get_key<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, ToolError> {
        let parameters = Value::Object(self.action_parameters()?);
        match key.split('.').try_fold(&parameters, |value, part| value.get(part)) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => typed_key(HookTool::ActionGet, key, value.clone()).map(Some),
        }
    }

    /// Adds to the results of the action, which the user sees when it is over.
    ///
    /// `results` is a map or a struct. Nested ones become keys with dots, as
    /// does a list, with the numbers of its items; texts, numbers and booleans
    /// become texts, and what is nothing (`None`) is left out.
    ///
    /// Each part of a key consists of lower-case letters, digits, and dashes
    /// inside; with serde's `rename_all = "kebab-case"` the fields of a struct
    /// do. The names `stdout`, `stdout-encoding`, `stderr` and
    /// `stderr-encoding` are kept for Juju, as is `return-code` at the top.
    ///
    /// Wraps the hook tool [`action-set`], which takes results as arguments
    /// only. Over the agent's socket they are on no command line; where the
    /// tool's program is started, other users of the machine can see them, and
    /// one value must stay under 128 KiB. The same results are not sent twice
    /// in a row.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if a key is not allowed, before
    /// anything is sent, and [`ToolError::NotInAction`] if no action runs.
    ///
    /// [`action-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/action-set/
    pub fn action_set<T: Serialize + ?Sized>(&self, results: &T) -> Result<(), ToolError> {
        let tool = HookTool::ActionSet;
        let results = serde_json::to_value(results)
            .map_err(|error| ToolError::bad_argument(tool, error.to_string()))?;
        if !results.is_object() {
            return Err(ToolError::bad_argument(tool, "results must be a map or a struct"));
        }
        let mut pairs = Vec::new();
        flatten("", &results, &mut pairs)?;
        if pairs.is_empty() || self.action.last_results.known(&()).as_ref() == Some(&pairs) {
            return Ok(());
        }
        self.action.last_results.forget(&());
        self.tell(&ToolCall::new(tool, pairs.clone()))?;
        self.action.last_results.remember((), pairs);
        Ok(())
    }

    /// Marks the action as failed, for the reason in `message`, which can be
    /// empty. The action goes on all the same, and what it has written is kept.
    ///
    /// Wraps the hook tool [`action-fail`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInAction`] if no action runs.
    ///
    /// [`action-fail`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/action-fail/
    pub fn action_fail(&self, message: &str) -> Result<(), ToolError> {
        // Juju has words of its own for a failure without a reason.
        let args = if message.is_empty() { vec![] } else { vec!["--", message] };
        self.tell(&ToolCall::new(HookTool::ActionFail, args))
    }

    /// Shows the user who waits for the action how it goes on, at once.
    ///
    /// Wraps the hook tool [`action-log`]. A message that is too long for the
    /// tool comes as several; an empty one is not sent.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInAction`] if no action runs.
    ///
    /// [`action-log`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/action-log/
    pub fn action_log(&self, message: &str) -> Result<(), ToolError> {
        pieces(message)
            .try_for_each(|piece| self.tell(&ToolCall::new(HookTool::ActionLog, ["--", piece])))
    }

    fn action_parameters(&self) -> Result<Map<String, Value>, ToolError> {
        self.action.parameters.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::ActionGet, ["--format=json"]);
            let parameters: Option<_> = self.ask_json(&call, "an object of parameters")?;
            Ok(parameters.unwrap_or_default())
        })
    }
}

/// Writes `value` as pairs `key.key=value`.
fn flatten(key: &str, value: &Value, pairs: &mut Vec<String>) -> Result<(), ToolError> {
    let mut nested = |part: &str, value| {
        check_part(key, part)?;
        let key = if key.is_empty() { part.to_owned() } else { format!("{key}.{part}") };
        flatten(&key, value, pairs)
    };
    match value {
        Value::Object(map) => map.iter().try_for_each(|(part, value)| nested(part, value)),
        Value::Array(list) => {
            list.iter().enumerate().try_for_each(|(index, value)| nested(&index.to_string(), value))
        }
        Value::Null => Ok(()),
        Value::String(text) => {
            pairs.push(format!("{key}={text}"));
            Ok(())
        }
        Value::Bool(_) | Value::Number(_) => {
            pairs.push(format!("{key}={value}"));
            Ok(())
        }
    }
}

/// Checks one part of a key below `parent`.
fn check_part(parent: &str, part: &str) -> Result<(), ToolError> {
    let reject = |rule| {
        Err(ToolError::bad_argument(HookTool::ActionSet, format!("the key `{part}` {rule}")))
    };
    if part.is_empty()
        || part.contains(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '-'))
        || part.starts_with('-')
        || part.ends_with('-')
    {
        return reject(
            "must consist of lower-case letters, digits, and dashes inside \
             (for a struct, serde's `rename_all = \"kebab-case\"` helps)",
        );
    }
    let kept_by_juju = RESERVED_PARTS.contains(&part) || (parent.is_empty() && part == OVERWRITTEN);
    if kept_by_juju { reject("is kept for Juju itself") } else { Ok(()) }
}

/// What Juju refuses in any place of a key.
const RESERVED_PARTS: [&str; 4] = ["stderr", "stderr-encoding", "stdout", "stdout-encoding"];

/// What Juju takes, and overwrites when the action is over.
const OVERWRITTEN: &str = "return-code";
