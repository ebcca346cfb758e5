//! The application as a whole.

use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of the application.
#[derive(Debug, Default)]
pub(super) struct Memos {
    version: Memo<(), String>,
}

impl Juju {
    /// Sets the version of the application that `juju status` shows, at once,
    /// also if the hook fails.
    ///
    /// Wraps the hook tool [`application-version-set`]. Juju cannot be asked
    /// for the version; the same text is sent once in a hook.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju refuses or there is no answer.
    ///
    /// [`application-version-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/application-version-set/
    pub fn application_version_set(&self, version: &str) -> Result<(), ToolError> {
        if self.application.version.known(&()).as_deref() == Some(version) {
            return Ok(());
        }
        self.application.version.forget(&());
        self.tell(&ToolCall::new(HookTool::ApplicationVersionSet, ["--", version]))?;
        self.application.version.remember((), version.to_owned());
        Ok(())
    }
}
