//! What a secret is given in arguments and files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use juju_types::JujuVersion;

use super::output::cannot_open;
use super::{Failure, string_map};
use crate::go;
use crate::model::SecretContent;

/// Reads `key=value` arguments and a file; what the file says goes over the
/// arguments. The values come out in base64.
pub(super) fn read(
    arguments: &[String],
    file: Option<&str>,
    version: &JujuVersion,
) -> Result<SecretContent, Failure> {
    let mut content = SecretContent::new();
    for argument in arguments {
        // What stands at the end may belong to base64 and does not separate.
        let Some(separator) = argument.trim_end_matches('=').find('=') else {
            return Err(Failure::usage(format!("key value {} not valid", go::quote(argument))));
        };
        let (key, value) = (&argument[..separator], &argument[separator + 1..]);
        let (key, value) = decode(key, value)?;
        content.insert(key, value);
    }
    if let Some(file) = file {
        let bytes = open(file)?;
        let json = serde_json::from_slice::<BTreeMap<String, String>>(&bytes);
        for (key, value) in json.or_else(|_| string_map::parse(&bytes))? {
            let (key, value) = decode(&key, &value)?;
            content.insert(key, value);
        }
    }
    check_sizes(&content, version)?;
    Ok(content)
}

/// Returns the values of a secret as texts.
pub(super) fn texts(content: &SecretContent) -> BTreeMap<String, String> {
    content.iter().map(|(key, value)| (key.clone(), text(value))).collect()
}

/// Decodes a value; bytes that are not UTF-8 are damaged, as Go's JSON does.
pub(super) fn text(value: &str) -> String {
    let bytes = BASE64_STANDARD.decode(value).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads one entry, whose key can say that its value is base64 or a file.
fn decode(key: &str, value: &str) -> Result<(String, String), Failure> {
    let (key, is_file) = strip(key, "#file");
    let (key, is_base64) = strip(key, "#base64");
    if !is_key(key) {
        return Err(Failure::usage(format!("key {} not valid", go::quote(key))));
    }
    let bytes = if is_file { open(value)? } else { value.as_bytes().to_vec() };
    let value = if is_base64 {
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        BASE64_STANDARD.encode(bytes)
    };
    Ok((key.to_owned(), value))
}

fn strip<'a>(key: &'a str, suffix: &str) -> (&'a str, bool) {
    key.strip_suffix(suffix).map_or((key, false), |key| (key, true))
}

/// At least three characters; a letter, then letters, digits, and single
/// dashes between them.
pub(crate) fn is_key(key: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.split('-').all(is_word)
        && key.bytes().filter(|byte| *byte != b'-').count() >= 3
}

/// Opens a file as the agent does: a relative path is seen from the agent's
/// folder and not from the charm's.
fn open(file: &str) -> Result<Vec<u8>, Failure> {
    let clean: PathBuf =
        Path::new(file).components().filter(|part| *part != Component::CurDir).collect();
    fs::read(Path::new("/").join(&clean))
        .map_err(|error| Failure::usage(cannot_open(&clean, &error)))
}

fn check_sizes(content: &SecretContent, version: &JujuVersion) -> Result<(), Failure> {
    let Some(limits) = version.secret_limits() else { return Ok(()) };
    let size = |value: &String| limits.size(&BASE64_STANDARD.decode(value).unwrap_or_default());
    // Where the limit counts what is stored, the text says so.
    let what =
        if limits.size(b"a") > 1 { "base64 encoded secret content" } else { "secret content" };
    for (key, value) in content {
        let size = size(value);
        if size > limits.max_value() {
            let key = go::quote(key);
            return Err(Failure::usage(format!("{what} for key {key} too large: {size} bytes")));
        }
    }
    let size: usize = content.values().map(size).sum();
    if size > limits.max_content() {
        return Err(Failure::usage(format!("{what} too large: {size} bytes")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all(arguments: &[&str]) -> Result<SecretContent, String> {
        let arguments: Vec<String> =
            arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let version = JujuVersion::new(3, 3, 1);
        read(&arguments, None, &version).map_err(|failure| failure.to_string())
    }

    #[test]
    fn reads_texts_base64_and_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "from file=").unwrap();
        let file = format!("token#file={}", path.display());
        let content = read_all(&["plain=a=b", "coded#base64=AAECAw==", &file]).unwrap();
        assert_eq!(content["plain"], BASE64_STANDARD.encode("a=b"));
        assert_eq!(content["coded"], "AAECAw==");
        assert_eq!(text(&content["token"]), "from file=");
    }

    #[test]
    fn refuses_keys_and_values_in_jujus_words() {
        let refusal = |argument: &str| read_all(&[argument]).unwrap_err();
        insta::assert_snapshot!(refusal("key="), @r#"key value "key=" not valid"#);
        insta::assert_snapshot!(refusal("ab=c"), @r#"key "ab" not valid"#);
        insta::assert_snapshot!(refusal("Abc=d"), @r#"key "Abc" not valid"#);
        insta::assert_snapshot!(refusal("a--bc=d"), @r#"key "a--bc" not valid"#);
        let large = format!("key={}", "x".repeat(5121));
        insta::assert_snapshot!(refusal(&large), @r#"secret content for key "key" too large: 5121 bytes"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(argument in "[^#]*") {
            let _ = read_all(&[&argument]);
        }
    }
}
