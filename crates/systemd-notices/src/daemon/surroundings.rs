//! What the daemon takes from its environment.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

/// What the service manager passes to the daemon in its environment.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// Where the service manager listens.
    pub(crate) notify_socket: Option<String>,
    /// Within which time it wants to hear, in microseconds.
    pub(crate) watchdog: Option<String>,
    /// The folder for the daemon's state.
    pub(crate) state_folder: Option<PathBuf>,
    /// Whether standard error goes to the journal.
    pub(crate) has_journal: bool,
}

impl Surroundings {
    /// Reads the variables that [`systemd.exec(5)`] describes.
    ///
    /// [`systemd.exec(5)`]: https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#Environment%20Variables%20in%20Spawned%20Processes
    #[expect(clippy::disallowed_methods, reason = "the daemon is no hook: these are systemd's")]
    pub(crate) fn from_env() -> Self {
        Self {
            notify_socket: std::env::var("NOTIFY_SOCKET").ok(),
            watchdog: std::env::var("WATCHDOG_USEC").ok(),
            state_folder: std::env::var_os("STATE_DIRECTORY").map(PathBuf::from),
            has_journal: std::env::var("JOURNAL_STREAM").is_ok_and(|text| is_standard_error(&text)),
        }
    }
}

/// Tells whether `stream`, the numbers of a device and of an inode, is where
/// standard error goes. Programs that are started from a service may have the
/// variable too, and their standard error elsewhere.
fn is_standard_error(stream: &str) -> bool {
    let own = fs::metadata("/proc/self/fd/2");
    own.is_ok_and(|own| stream == format!("{}:{}", own.dev(), own.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_standard_error_from_what_another_program_had() {
        let own = fs::metadata("/proc/self/fd/2").unwrap();
        assert!(is_standard_error(&format!("{}:{}", own.dev(), own.ino())));
        assert!(!is_standard_error(&format!("{}:{}", own.dev(), own.ino() + 1)));
        assert!(!is_standard_error(""));
    }
}
