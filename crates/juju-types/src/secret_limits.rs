//! How large a secret may be.

/// How large a secret may be in one version of Juju; see
/// [`JujuVersion::secret_limits`](crate::JujuVersion::secret_limits).
///
/// ```
/// use juju_types::JujuVersion;
///
/// let limits = JujuVersion::new(3, 6, 28).secret_limits().expect("3.6 has secrets");
/// assert_eq!(limits.max_value(), 1_000_000);
/// assert_eq!(limits.size(b"s3cret!"), 12);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SecretLimits {
    max_value: usize,
    max_content: usize,
    // Whether Juju measures values in base64, as it stores them.
    encoded: bool,
}

impl SecretLimits {
    /// The limits of 3.6.9 and later.
    pub(crate) const ENCODED_1M: Self =
        Self { max_value: 1_000_000, max_content: 1_000_000, encoded: true };
    /// The limits up to 3.3.1.
    pub(crate) const PLAIN_5K: Self =
        Self { max_value: 5 * 1024, max_content: 64 * 1024, encoded: false };
    /// The limits from 3.3.2 to 3.6.8.
    pub(crate) const PLAIN_8K: Self =
        Self { max_value: 8 * 1024, max_content: 64 * 1024, encoded: false };

    /// Returns the largest [`size`](Self::size) of one value.
    pub fn max_value(&self) -> usize {
        self.max_value
    }

    /// Returns the largest sum of the [sizes](Self::size) of all values of a secret.
    pub fn max_content(&self) -> usize {
        self.max_content
    }

    /// Returns the size of a value as this version of Juju measures it: in
    /// bytes, of the value itself or of its base64 form.
    pub fn size(&self, value: &[u8]) -> usize {
        if self.encoded { value.len().div_ceil(3) * 4 } else { value.len() }
    }
}
