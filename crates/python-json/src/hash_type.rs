//! The functions that make a digest.

use std::fmt;
use std::str::FromStr;

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use thiserror::Error;

use crate::digest::Digest;
use crate::serialize_error::SerializeError;
use crate::to_string::to_string;

/// A hash function under the name that Python's `hashlib` gives it.
///
/// ```
/// use python_json::HashType;
///
/// let hash: HashType = "sha1".parse()?;
/// assert_eq!(hash.digest(&[1, 2])?.as_str(), "1bc866741052bd8253768ec5b044dc9b69fd25d9");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[non_exhaustive]
#[serde(into = "String", try_from = "String")]
pub enum HashType {
    /// MD5, which `charms.reactive` uses unless it is told otherwise. It finds
    /// changes, and protects from nobody.
    #[default]
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashType {
    /// Returns the digest of the text that [`to_string()`] gives a value, as
    /// `data_changed` stores it.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`to_string()`].
    pub fn digest<T: Serialize + ?Sized>(self, value: &T) -> Result<Digest, SerializeError> {
        Ok(self.digest_bytes(to_string(value)?))
    }

    /// Returns the digest of bytes, as `any_file_changed` stores that of a
    /// file's contents.
    pub fn digest_bytes(self, bytes: impl AsRef<[u8]>) -> Digest {
        let bytes = bytes.as_ref();
        match self {
            Self::Md5 => Digest::from_bytes(&Md5::digest(bytes)),
            Self::Sha1 => Digest::from_bytes(&Sha1::digest(bytes)),
            Self::Sha224 => Digest::from_bytes(&Sha224::digest(bytes)),
            Self::Sha256 => Digest::from_bytes(&Sha256::digest(bytes)),
            Self::Sha384 => Digest::from_bytes(&Sha384::digest(bytes)),
            Self::Sha512 => Digest::from_bytes(&Sha512::digest(bytes)),
        }
    }

    /// Returns the hash function that a digest is of, as its length tells, or
    /// `None` if that is none of these.
    ///
    /// ```
    /// use python_json::HashType;
    ///
    /// let digest = "1bc866741052bd8253768ec5b044dc9b69fd25d9".parse()?;
    /// assert_eq!(HashType::of(&digest), Some(HashType::Sha1));
    /// # Ok::<(), python_json::ParseDigestError>(())
    /// ```
    pub fn of(digest: &Digest) -> Option<Self> {
        match digest.as_str().len() {
            32 => Some(Self::Md5),
            40 => Some(Self::Sha1),
            56 => Some(Self::Sha224),
            64 => Some(Self::Sha256),
            96 => Some(Self::Sha384),
            128 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Returns the name that `hashlib` gives the function.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

impl fmt::Display for HashType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HashType {
    type Err = ParseHashTypeError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "md5" => Ok(Self::Md5),
            "sha1" => Ok(Self::Sha1),
            "sha224" => Ok(Self::Sha224),
            "sha256" => Ok(Self::Sha256),
            "sha384" => Ok(Self::Sha384),
            "sha512" => Ok(Self::Sha512),
            _ => Err(ParseHashTypeError { name: name.to_owned() }),
        }
    }
}

impl From<HashType> for String {
    fn from(hash: HashType) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for HashType {
    type Error = ParseHashTypeError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

/// The text is no [`HashType`]; the message quotes it and says what it could be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "invalid hash type `{name}`: it must be `md5`, `sha1`, `sha224`, `sha256`, `sha384` or `sha512`"
)]
pub struct ParseHashTypeError {
    name: String,
}

#[cfg(test)]
mod tests {
    use super::HashType;

    #[test]
    fn quotes_a_name_that_it_does_not_know() {
        let error = "MD5".parse::<HashType>().unwrap_err();
        insta::assert_snapshot!(error, @"invalid hash type `MD5`: it must be `md5`, `sha1`, `sha224`, `sha256`, `sha384` or `sha512`");
    }

    #[test]
    fn is_told_by_the_length_of_a_digest() {
        for name in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] {
            let hash: HashType = name.parse().unwrap();
            assert_eq!(HashType::of(&hash.digest_bytes(name)), Some(hash));
        }
        assert_eq!(HashType::of(&"00".parse().unwrap()), None);
    }

    #[test]
    fn hashes_the_bytes_of_files() {
        let digest = HashType::default().digest_bytes(b"\xff\0");
        insta::assert_snapshot!(digest, @"e0e8bfafbb0689563b2fba789c97b3cc");
    }
}
