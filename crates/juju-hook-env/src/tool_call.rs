//! What a hook tool is called with.

use std::borrow::Cow;
use std::fmt;

use crate::tool::HookTool;

/// One call of a hook tool: the tool, its arguments, and what it reads from
/// standard input.
///
/// `Debug` and `Display` show neither standard input nor the values of
/// `key=value` arguments, for they may be secret.
///
/// ```
/// use juju_hook_env::{HookTool, ToolCall};
///
/// let call = ToolCall::new(HookTool::RelationSet, ["-r", "db:7", "--file", "-"])
///     .with_stdin(r#"{"password":"hunter2"}"#);
/// assert_eq!(call.to_string(), "relation-set -r db:7 --file - < (22 bytes)");
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct ToolCall {
    /// The tool.
    pub tool: HookTool,
    /// Its arguments, without its name.
    pub args: Vec<String>,
    /// The bytes that it reads from standard input. `None` where it reads
    /// nothing, which is not the same as an empty input.
    pub stdin: Option<Vec<u8>>,
}

impl ToolCall {
    /// Describes a call of `tool` with `args` and without input.
    pub fn new(tool: HookTool, args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { tool, args: args.into_iter().map(Into::into).collect(), stdin: None }
    }

    /// Returns the call with `stdin` as its input.
    #[must_use]
    pub fn with_stdin(self, stdin: impl Into<Vec<u8>>) -> Self {
        Self { stdin: Some(stdin.into()), ..self }
    }

    /// Returns the arguments as they may be shown.
    fn shown_args(&self) -> Vec<Cow<'_, str>> {
        let mut flags_ended = false;
        self.args
            .iter()
            .map(|arg| {
                let may_be_pair = self.tool.takes_pairs() && (flags_ended || !arg.starts_with('-'));
                flags_ended |= arg == "--";
                match arg.split_once('=') {
                    Some((key, _)) if may_be_pair => format!("{key}=…").into(),
                    _ => arg.into(),
                }
            })
            .collect()
    }
}

impl fmt::Debug for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdin = self.stdin.as_ref().map(|stdin| format!("({} bytes)", stdin.len()));
        f.debug_struct("ToolCall")
            .field("tool", &self.tool)
            .field("args", &self.shown_args())
            .field("stdin", &stdin)
            .finish()
    }
}

impl fmt::Display for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tool)?;
        for arg in self.shown_args() {
            if arg.is_empty() || arg.contains(|c: char| c.is_whitespace() || c == '"') {
                write!(f, " {arg:?}")?;
            } else {
                write!(f, " {arg}")?;
            }
        }
        if let Some(stdin) = &self.stdin {
            write!(f, " < ({} bytes)", stdin.len())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_words_with_blanks_in_quotes() {
        let call = ToolCall::new(HookTool::StatusSet, ["--", "blocked", "need \"db\"", ""]);
        insta::assert_snapshot!(call, @r#"status-set -- blocked "need \"db\"" """#);
    }

    #[test]
    fn never_shows_a_value_or_an_input() {
        for tool in [HookTool::ActionSet, HookTool::LeaderSet, HookTool::SecretAdd] {
            let call = ToolCall::new(tool, ["key=hunter2", "--", "-k=hunter2", "a.b=x=hunter2"])
                .with_stdin("hunter2");
            let shown = format!("{call} {call:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn shows_flags_that_have_an_equals_sign() {
        let call = ToolCall::new(HookTool::ActionSet, ["--format=json", "--", "--a=1"]);
        insta::assert_snapshot!(call, @"action-set --format=json -- --a=…");
        insta::assert_snapshot!(
            format!("{call:?}"),
            @r#"ToolCall { tool: ActionSet, args: ["--format=json", "--", "--a=…"], stdin: None }"#
        );
    }
}
