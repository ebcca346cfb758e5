//! Why a machine does not boot.

use std::io;

use crate::RunError;

/// Why a machine does not boot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BootError {
    /// This host cannot have such machines, for example because the test is not
    /// run by root. [`ThrowawayMachine::missing`] says so beforehand.
    ///
    /// [`ThrowawayMachine::missing`]: crate::ThrowawayMachine::missing
    #[error("this host cannot have a throw-away machine: {0}")]
    Host(String),
    /// What the machine shall hold cannot be laid out.
    #[error("cannot prepare the machine")]
    Prepare(#[from] RunError),
    /// systemd has ended instead of coming up.
    #[error("systemd has ended; its console:\n{0}")]
    Ended(String),
    /// systemd runs, but does not come up in time.
    #[error("systemd is `{state}` after the time limit; its jobs, journal and console:\n{report}")]
    NotUp {
        /// What `systemctl is-system-running` has said last.
        state: String,
        /// The jobs that are left, and how its journal and its console end.
        report: String,
    },
    /// A file or a program of the host cannot be used.
    #[error("cannot {action}")]
    Io {
        /// What was to be done.
        action: String,
        /// Why it cannot be done.
        source: io::Error,
    },
}

impl BootError {
    /// Returns what makes an error of an I/O error.
    pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action: action.into(), source }
    }
}
