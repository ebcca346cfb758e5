//! A way for a test to talk to a charm while it runs.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

/// Two pipes in a folder: the charm writes to `out` and reads from `in`.
///
/// Each end waits for the other.
pub(crate) struct Exchange {
    folder: TempDir,
}

impl Exchange {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["in", "out"] {
            assert!(
                Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap().success()
            );
        }
        Self { folder }
    }

    pub(crate) fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// Returns what the charm writes, once it has closed the pipe.
    pub(crate) fn receive(&self) -> String {
        fs::read_to_string(self.folder.path().join("out")).unwrap()
    }

    /// Writes to the charm.
    pub(crate) fn send(&self, text: &str) {
        fs::write(self.folder.path().join("in"), text).unwrap();
    }
}
