//! What the daemon takes from its environment.

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
            has_journal: std::env::var_os("JOURNAL_STREAM").is_some(),
        }
    }
}
