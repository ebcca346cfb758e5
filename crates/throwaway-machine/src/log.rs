//! What a program says that is not listened to until it fails.

use std::{fs::File, io, os::unix::fs::FileExt};

/// A file without a name that a program writes to.
#[derive(Debug)]
pub(crate) struct Log(File);

impl Log {
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::tempfile().map(Self)
    }

    /// Returns what the program writes to.
    pub(crate) fn writer(&self) -> io::Result<File> {
        self.0.try_clone()
    }

    /// Returns what was written so far, less the white space at its ends.
    pub(crate) fn text(&self) -> String {
        // The place where the program writes on is left alone.
        let read = || {
            let mut bytes = vec![0; usize::try_from(self.0.metadata()?.len()).unwrap_or(0)];
            self.0.read_exact_at(&mut bytes, 0)?;
            Ok(bytes)
        };
        read().map_or_else(
            |error: io::Error| error.to_string(),
            |bytes| String::from_utf8_lossy(&bytes).trim().to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn can_be_read_while_it_is_written() {
        let log = Log::new().unwrap();
        let mut writer = log.writer().unwrap();
        writer.write_all(b"one\n").unwrap();
        assert_eq!(log.text(), "one");
        writer.write_all(b"two\n").unwrap();
        assert_eq!(log.text(), "one\ntwo");
    }
}
