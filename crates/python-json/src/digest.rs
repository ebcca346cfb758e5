//! What is stored of data, to see later whether it has changed.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hash_type::HashType;
use crate::serialize_error::SerializeError;

/// Returns the MD5 of the text that [`to_string()`](crate::to_string()) gives a
/// value, which is what `data_changed` of `charms.reactive` stores.
///
/// ```
/// let digest = python_json::digest("10.0.0.5")?;
/// assert_eq!(digest.as_str(), "a44470e7db63bc39e68f300456fdda00");
/// # Ok::<(), python_json::SerializeError>(())
/// ```
///
/// # Errors
///
/// Returns an error under the conditions of [`to_string()`](crate::to_string()).
pub fn digest<T: Serialize + ?Sized>(value: &T) -> Result<Digest, SerializeError> {
    HashType::Md5.digest(value)
}

/// A digest in lower-case hexadecimal, as `hexdigest` of Python's `hashlib`
/// returns it.
///
/// Through serde it is a text, as Python stores it.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest(String);

impl Digest {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            write!(text, "{byte:02x}").expect("writing to a string succeeds");
        }
        Self(text)
    }

    /// Returns the hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    /// Takes the digest of any hash function, known here or not.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digit = |b| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if text.is_empty() || text.len() % 2 == 1 || !text.bytes().all(is_digit) {
            return Err(ParseDigestError { text: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl TryFrom<String> for Digest {
    type Error = ParseDigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The text is no [`Digest`]; the message quotes it and says what one is.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid digest `{text}`: it must be pairs of lower-case hexadecimal digits")]
pub struct ParseDigestError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::{Digest, digest};

    #[test]
    fn quotes_what_is_no_digest() {
        for text in ["", "abc", "AB", "0x", "é"] {
            let error = text.parse::<Digest>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "invalid digest `{text}`: it must be pairs of lower-case hexadecimal digits"
                )
            );
        }
    }

    #[test]
    fn is_stored_as_python_stores_it() {
        let digest = digest(&[1]).unwrap();
        let row = crate::to_string(&digest).unwrap();
        insta::assert_snapshot!(row, @r#""35dba5d75538a9bbe0b4da4422759a0e""#);
        assert_eq!(crate::from_str(&row), Ok(digest));
    }
}
