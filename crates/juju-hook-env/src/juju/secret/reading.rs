//! Reading secrets.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use juju_types::SecretId;

use super::content::SecretContent;
use super::info::{SecretInfo, SecretInfoJson};
use super::query::{Reading, SecretQuery, SecretRef};
use super::{Juju, text_arg};
use crate::error::ToolError;
use crate::juju::readable;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

impl Juju {
    /// Returns the content of a secret that this unit may read: for an id, the
    /// revision that it tracks. For others see [`SecretQuery`].
    ///
    /// Values that are not text are read as they are.
    ///
    /// Wraps the hook tool [`secret-get`]. It is asked once in a hook for each
    /// query, and again after a write or [`SecretQuery::refresh`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such secret or label,
    /// [`ToolError::PermissionDenied`] if it is not granted,
    /// [`ToolError::Unreadable`] if it was looked up by a label of somebody
    /// else's secret and holds a value that is not text: such a one Juju gives
    /// by id alone.
    ///
    /// [`secret-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-get/
    pub fn secret_get(&self, query: impl Into<SecretQuery>) -> Result<SecretContent, ToolError> {
        let query = query.into();
        self.secret.contents.get_or_ask(&query, || {
            if query.reading == Reading::Refresh || query.new_label.is_some() {
                self.secret.contents.clear();
                self.secret.infos.clear();
            }
            if let (SecretRef::Id(id), Some(_)) = (&query.secret, &query.new_label) {
                // For the owner this is a change of the secret.
                self.secret.changed.remember(id.clone(), ());
            }
            self.read_content(&query)
        })
    }

    /// Returns what is known of a secret of this unit or application, apart
    /// from its content. What this hook changes is not seen in it, unless the
    /// hook has made the secret, too.
    ///
    /// Wraps the hook tool [`secret-info-get`]. It is asked once in a hook for
    /// each secret, and again after a write.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such secret, or it
    /// belongs to somebody else.
    ///
    /// [`secret-info-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-info-get/
    pub fn secret_info_get(&self, secret: impl Into<SecretRef>) -> Result<SecretInfo, ToolError> {
        let tool = HookTool::SecretInfoGet;
        let secret = secret.into();
        self.secret.infos.get_or_ask(&secret, || {
            let args = [ref_arg(tool, &secret)?, "--format=json".to_owned()];
            let expected = "an object with one secret";
            let info: SecretInfoJson = self.ask_json(&ToolCall::new(tool, args), expected)?;
            info.into_info().ok_or_else(|| ToolError::Unreadable {
                tool,
                got: "an empty object".to_owned(),
                expected: expected.to_owned(),
            })
        })
    }

    /// Returns the secrets that this unit owns, and, for the leader, those of
    /// the application.
    ///
    /// Wraps the hook tool [`secret-ids`]. It is asked once in a hook, and
    /// again after a write.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInThisVersion`] before Juju 3.0.
    ///
    /// [`secret-ids`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/secret-ids/
    pub fn secret_ids(&self) -> Result<Vec<SecretId>, ToolError> {
        self.secret.ids.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::SecretIds, ["--format=json"]);
            // None at all is `null`, and Juju has no order for them.
            let ids: Option<Vec<SecretId>> = self.ask_json(&call, "a list of secret ids")?;
            let mut ids = ids.unwrap_or_default();
            ids.sort();
            Ok(ids)
        })
    }

    fn read_content(&self, query: &SecretQuery) -> Result<SecretContent, ToolError> {
        let tool = HookTool::SecretGet;
        let mut args = vec![ref_arg(tool, &query.secret)?];
        if let Some(label) = &query.new_label {
            if matches!(query.secret, SecretRef::Label(_)) {
                return Err(ToolError::bad_argument(
                    tool,
                    format!(
                        "only a secret that is looked up by its id can get the label `{label}`"
                    ),
                ));
            }
            args.push(text_arg(tool, "label", label)?);
        }
        args.extend(query.reading.flag().map(str::to_owned));
        args.push("--format=json".to_owned());

        let texts: BTreeMap<String, String> =
            self.ask_json(&ToolCall::new(tool, args), "an object of texts")?;
        let mut content = SecretContent::new();
        for (key, text) in texts {
            // Go's JSON has this character in the place of bytes that are no text.
            content = if text.contains(char::REPLACEMENT_CHARACTER) {
                let bytes = self.read_bytes(query, &key)?;
                content.with(key, bytes)
            } else {
                content.with(key, text)
            };
        }
        Ok(content)
    }

    /// Reads a value that may not be text.
    fn read_bytes(&self, query: &SecretQuery, key: &str) -> Result<Vec<u8>, ToolError> {
        let tool = HookTool::SecretGet;
        let unreadable = |got: &str, expected: &str| ToolError::Unreadable {
            tool,
            got: format!("{got} in `{key}`"),
            expected: expected.to_owned(),
        };
        let id = match &query.secret {
            SecretRef::Id(id) => Some(id.clone()),
            // The tool takes a key only after an id. Of its own secrets the
            // unit can find out the id.
            SecretRef::Label(_) => {
                readable(self.secret_info_get(query.secret.clone()))?.map(|info| info.id)
            }
        };
        let id = id.ok_or_else(|| {
            unreadable("other bytes", "text, for other values come only by the secret's id")
        })?;
        let mut args = vec![id.to_string(), format!("{key}#base64")];
        args.extend(query.reading.flag().map(str::to_owned));
        args.push("--format=json".to_owned());
        let base64: String = self.ask_json(&ToolCall::new(tool, args), "a text in base64")?;
        BASE64_STANDARD.decode(base64).map_err(|_| unreadable("something else", "a text in base64"))
    }
}

fn ref_arg(tool: HookTool, secret: &SecretRef) -> Result<String, ToolError> {
    match secret {
        SecretRef::Id(id) => Ok(id.to_string()),
        SecretRef::Label(label) => text_arg(tool, "label", label),
    }
}
