//! The file in which content is handed to the agent.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use juju_types::JujuVersion;
use tempfile::NamedTempFile;

use super::content::SecretContent;
use crate::error::ToolError;
use crate::tool::HookTool;
use crate::yaml_safe_json;

/// Writes content to a file that the agent reads, in the first of `folders`
/// that takes one. Only root (or who else runs the charm) can read it, and it
/// is removed when the value is dropped.
///
/// There is no other way: a command line can be read by everybody, and the
/// tools for secrets do not read their standard input. The agent resolves a
/// relative path against its own folder, so the folders are absolute.
pub(super) fn write(
    tool: HookTool,
    content: &SecretContent,
    folders: &[PathBuf],
) -> Result<NamedTempFile, ToolError> {
    let values: BTreeMap<_, _> = content
        .iter()
        .map(|(key, value)| match std::str::from_utf8(value) {
            Ok(text) => (key.to_owned(), text.to_owned()),
            Err(_) => (format!("{key}#base64"), BASE64_STANDARD.encode(value)),
        })
        .collect();
    let json = yaml_safe_json::write(&values);

    let mut failure = None;
    for folder in folders {
        let file = tempfile::Builder::new().prefix("charm-secret-").tempfile_in(folder);
        let written = file.and_then(|mut file| {
            file.write_all(json.as_bytes())?;
            Ok(file)
        });
        match written {
            Ok(file) => return Ok(file),
            Err(source) => {
                failure = Some(ToolError::SecretFile { tool, folder: folder.clone(), source });
            }
        }
    }
    Err(failure.expect("there is a folder to try"))
}

/// Checks content by the rules of the agent, whose refusal would come too late
/// to tell which value it was about.
pub(super) fn check(
    tool: HookTool,
    content: &SecretContent,
    version: Option<&JujuVersion>,
) -> Result<(), ToolError> {
    let reject = |message: String| Err(ToolError::bad_argument(tool, message));
    if content.is_empty() {
        return reject("a secret must have at least one value".to_owned());
    }
    if let Some((key, _)) = content.iter().find(|(key, _)| !is_key(key)) {
        return reject(format!(
            "the key `{key}` must have three characters or more: a lower-case letter, \
             then such letters and digits, with single dashes between them"
        ));
    }
    let Some(limits) = version.and_then(JujuVersion::secret_limits) else { return Ok(()) };
    let mut total = 0;
    for (key, value) in content.iter() {
        let size = limits.size(value);
        if size > limits.max_value() {
            return reject(format!(
                "the value of `{key}` counts as {size} bytes, and Juju takes at most {}",
                limits.max_value()
            ));
        }
        total += size;
    }
    if total > limits.max_content() {
        return reject(format!(
            "the content counts as {total} bytes, and Juju takes at most {}",
            limits.max_content()
        ));
    }
    Ok(())
}

fn is_key(key: &str) -> bool {
    let is_letter_or_digit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| is_letter_or_digit(c) || c == '-')
        && !key.contains("--")
        && !key.ends_with('-')
        && key.chars().filter(|&c| is_letter_or_digit(c)).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn knows_the_keys_that_juju_takes() {
        for key in ["abc", "a1b", "a-b-c", "password", "tls-key-2", "a-bc"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "a", "ab", "a-b", "1ab", "Abc", "a--bc", "-abc", "abc-", "a_bc", "abé"] {
            assert!(!is_key(key), "{key}");
        }
    }
}
