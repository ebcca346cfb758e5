//! Resources.

use std::path::PathBuf;

use juju_types::ResourceName;

use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of resources: where they are.
#[derive(Debug, Default)]
pub(super) struct Memos {
    paths: Memo<ResourceName, PathBuf>,
}

impl Juju {
    /// Returns the path of a resource's file, after Juju has downloaded it if
    /// need be. That can take long.
    ///
    /// Wraps the hook tool [`resource-get`]. It is asked once in a hook for
    /// each resource.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such resource, or nobody
    /// has uploaded it, and [`ToolError::Failed`] if it cannot be downloaded.
    ///
    /// [`resource-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/resource-get/
    pub fn resource_get(&self, resource: &ResourceName) -> Result<PathBuf, ToolError> {
        let tool = HookTool::ResourceGet;
        self.resource.paths.get_or_ask(resource, || {
            let stdout = self.ask(&ToolCall::new(tool, ["--", resource.as_str()]))?;
            let text = String::from_utf8_lossy(&stdout);
            // The tool prints no newline, and knows no other format.
            let path = PathBuf::from(text.trim_end_matches('\n'));
            if !path.is_absolute() {
                let (got, expected) = (format!("`{text}`"), "an absolute path".to_owned());
                return Err(ToolError::Unreadable { tool, got, expected });
            }
            Ok(path)
        })
    }
}
