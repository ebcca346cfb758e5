//! What `Debug` shows in the place of data.

use std::fmt;

/// Stands for this many bytes that are not for everybody's eyes.
pub(crate) struct Redacted(pub(crate) usize);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0)
    }
}
