//! A debugging session.

use std::path::PathBuf;

/// A session of `juju debug-hooks` or `juju debug-code`, in which a user sits
/// before this very run of the charm.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct DebugSession {
    /// A scratch folder of the session.
    pub dir: PathBuf,
    /// The names of the breakpoints, from `debug-code` only; `all` means all.
    pub breakpoints: Vec<String>,
}

impl DebugSession {
    /// Describes a session with the folder `dir` and without breakpoints.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), breakpoints: Vec::new() }
    }
}
