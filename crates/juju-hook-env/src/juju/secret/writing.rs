//! Making, changing and removing secrets.

use juju_types::SecretId;

use super::change::SecretChange;
use super::content::SecretContent;
use super::metadata::Metadata;
use super::owner::SecretOwner;
use super::query::SecretQuery;
use super::rotation::RotationPolicy;
use super::spec::SecretSpec;
use super::{Juju, file, text_arg};
use crate::error::ToolError;
use crate::juju::readable;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

impl Juju {
    /// Makes a secret and returns its id. It exists when the hook has
    /// succeeded, but can be read and granted before.
    ///
    /// Wraps the hook tool [`secret-add`], and hands it the content in a file,
    /// see [`Juju::with_secret_dir`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if the content is empty, too large
    /// or has a key that is not allowed, before anything is sent,
    /// [`ToolError::NotLeader`] if the application is to own it and this unit
    /// is not the leader, [`ToolError::Conflict`] if the label is taken, and
    /// [`ToolError::NotInThisVersion`] before Juju 3.0.
    ///
    /// [`secret-add`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-add/
    pub fn secret_add(&self, spec: &SecretSpec) -> Result<SecretId, ToolError> {
        let tool = HookTool::SecretAdd;
        self.require(tool)?;
        file::check(tool, &spec.content, self.env.version())?;
        let mut args = metadata_args(tool, &spec.metadata)?;
        args.extend(spec.owner.map(|owner| match owner {
            SecretOwner::Application => "--owner=application".to_owned(),
            SecretOwner::Unit => "--owner=unit".to_owned(),
        }));
        self.secret.forget_answers();
        let stdout = self.send_content(tool, args, Some(&spec.content))?;

        let text = String::from_utf8_lossy(&stdout);
        let id: SecretId = text.trim().parse().map_err(|_| ToolError::Unreadable {
            tool,
            got: format!("`{}`", text.trim()),
            expected: "the id of a secret".to_owned(),
        })?;
        self.secret.changed.remember(id.clone(), ());
        Ok(id)
    }

    /// Changes a secret of this unit or application, when the hook has
    /// succeeded.
    ///
    /// Wraps the hook tool [`secret-set`], and hands it the content in a file,
    /// see [`Juju::with_secret_dir`]. What is so already is not sent; to find
    /// out, the latest content and what else is known of the secret are read.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if the content is empty, too large
    /// or has a key that is not allowed, before anything is sent, and
    /// [`ToolError::NotLeader`] if the application owns it and this unit is
    /// not the leader. That there is no such secret, or that it belongs to
    /// somebody else, is noticed only when the hook is over, which then fails.
    ///
    /// [`secret-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-set/
    pub fn secret_set(&self, secret: &SecretId, change: &SecretChange) -> Result<(), ToolError> {
        let tool = HookTool::SecretSet;
        self.require(tool)?;
        if let Some(content) = &change.content {
            file::check(tool, content, self.env.version())?;
        }
        let metadata = self.metadata_that_differ(secret, &change.metadata)?;
        let mut args = metadata_args(tool, &metadata)?;
        let content = self.content_that_differs(secret, change.content.as_ref())?;
        if args.is_empty() && content.is_none() {
            return Ok(());
        }
        args.insert(0, secret.to_string());
        self.secret.forget_answers();
        self.secret.changed.remember(secret.clone(), ());
        self.send_content(tool, args, content).map(drop)
    }

    /// Removes a secret of this unit or application, when the hook has
    /// succeeded.
    ///
    /// Wraps the hook tool [`secret-remove`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if the application owns it and this
    /// unit is not the leader. That there is no such secret, or that it
    /// belongs to somebody else, is noticed only when the hook is over, which
    /// then fails.
    ///
    /// [`secret-remove`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-remove/
    pub fn secret_remove(&self, secret: &SecretId) -> Result<(), ToolError> {
        self.secret.forget_answers();
        self.tell(&ToolCall::new(HookTool::SecretRemove, [secret.to_string()]))
    }

    /// Removes one revision of a secret of this unit or application, when the
    /// hook has succeeded. The hooks `secret-remove` and `secret-expired` tell
    /// which.
    ///
    /// Wraps the hook tool [`secret-remove`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] for revision 0, which does not
    /// exist, and which the tool takes for all of them; and otherwise as
    /// [`Juju::secret_remove`].
    ///
    /// [`secret-remove`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-remove/
    pub fn secret_remove_revision(
        &self,
        secret: &SecretId,
        revision: u32,
    ) -> Result<(), ToolError> {
        let tool = HookTool::SecretRemove;
        if revision == 0 {
            return Err(ToolError::bad_argument(tool, "there is no revision 0 of a secret"));
        }
        let args = [&secret.to_string(), "--revision", &revision.to_string()];
        self.secret.forget_answers();
        self.tell(&ToolCall::new(tool, args))
    }

    /// Calls a tool with the content in a file, which is gone when it returns.
    fn send_content(
        &self,
        tool: HookTool,
        mut args: Vec<String>,
        content: Option<&SecretContent>,
    ) -> Result<Vec<u8>, ToolError> {
        let file =
            content.map(|content| file::write(tool, content, &self.secret_dirs)).transpose()?;
        args.extend(file.iter().map(|file| format!("--file={}", file.path().display())));
        self.ask(&ToolCall::new(tool, args))
    }

    fn content_that_differs<'a>(
        &self,
        secret: &SecretId,
        content: Option<&'a SecretContent>,
    ) -> Result<Option<&'a SecretContent>, ToolError> {
        let Some(wanted) = content else { return Ok(None) };
        let latest = readable(self.secret_get(SecretQuery::id(secret).peek()))?;
        Ok(Some(wanted).filter(|&wanted| latest.as_ref() != Some(wanted)))
    }

    fn metadata_that_differ(
        &self,
        secret: &SecretId,
        wanted: &Metadata,
    ) -> Result<Metadata, ToolError> {
        let mut metadata = wanted.clone();
        if metadata == Metadata::default() || self.secret.changed.known(secret).is_some() {
            return Ok(metadata);
        }
        if let Some(info) = readable(self.secret_info_get(secret))? {
            if wanted.description == info.description {
                metadata.description = None;
            }
            if wanted.expiry.is_some_and(|expiry| expiry.is(info.expiry)) {
                metadata.expiry = None;
            }
            if wanted.label == info.label {
                metadata.label = None;
            }
            // Where there is no policy, Juju rotates never.
            if wanted.rotation == info.rotation.or(Some(RotationPolicy::Never)) {
                metadata.rotation = None;
            }
        }
        Ok(metadata)
    }
}

fn metadata_args(tool: HookTool, metadata: &Metadata) -> Result<Vec<String>, ToolError> {
    let Metadata { description, expiry, label, rotation } = metadata;
    let mut args = Vec::new();
    if let Some(label) = label {
        args.push(text_arg(tool, "label", label)?);
    }
    if let Some(description) = description {
        args.push(text_arg(tool, "description", description)?);
    }
    if let Some(expiry) = expiry {
        args.push(format!("--expire={}", expiry.to_argument(tool)?));
    }
    args.extend(rotation.map(|policy| format!("--rotate={policy}")));
    Ok(args)
}
