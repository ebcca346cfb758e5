//! Why the daemon could not be set up or removed.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why the daemon could not be set up or removed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NoticesError {
    /// The charm's folder has a path from which systemd starts no program.
    #[error(
        "systemd cannot start `{program}`: the path must be absolute, in UTF-8, and without \
         quotes, backslashes and control characters"
    )]
    CharmFolder {
        /// The charm's program, escaped.
        program: String,
    },
    /// A file could not be read, written or removed.
    #[error("cannot {action} `{}`", path.display())]
    File {
        /// What was tried: `read`, `write` or `remove`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// `systemctl` could not be started.
    #[error("cannot start `systemctl`")]
    Start {
        /// What the operating system says.
        source: io::Error,
    },
    /// `systemctl` ran and failed.
    #[error("`systemctl {arguments}` failed: {message}")]
    Systemctl {
        /// Its arguments.
        arguments: String,
        /// Its standard error, trimmed.
        message: String,
    },
}

impl NoticesError {
    /// Returns the conversion of what the operating system says when `action`
    /// on `path` fails.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
