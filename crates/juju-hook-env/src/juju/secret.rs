//! Secrets (3.0 and later).

pub(crate) mod access;
pub(crate) mod change;
pub(crate) mod content;
pub(crate) mod expiry;
mod file;
pub(crate) mod info;
mod metadata;
pub(crate) mod owner;
pub(crate) mod query;
mod reading;
pub(crate) mod rotation;
pub(crate) mod spec;
mod writing;

use juju_types::SecretId;

use self::content::SecretContent;
use self::info::SecretInfo;
use self::query::{SecretQuery, SecretRef};
use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;

/// What is remembered of secrets.
#[derive(Debug, Default)]
pub(super) struct Memos {
    contents: Memo<SecretQuery, SecretContent>,
    infos: Memo<SecretRef, SecretInfo>,
    ids: Memo<(), Vec<SecretId>>,
    /// The secrets that this hook has changed, or has tried to. Juju's answers
    /// about them, apart from their content, stay as they were before the hook.
    changed: Memo<SecretId, ()>,
}

impl Memos {
    fn forget_answers(&self) {
        self.contents.clear();
        self.infos.clear();
        self.ids.clear();
    }
}

/// Writes a flag whose value may start with a dash. An empty value would be
/// taken for no value, and change nothing.
fn text_arg(tool: HookTool, flag: &str, text: &str) -> Result<String, ToolError> {
    if text.is_empty() {
        return Err(ToolError::bad_argument(tool, format!("the {flag} must not be empty")));
    }
    Ok(format!("--{flag}={text}"))
}
