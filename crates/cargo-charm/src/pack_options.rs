//! How to pack a charm.

use std::path::PathBuf;

use crate::PackTarget;

/// How to pack.
///
/// ```
/// use cargo_charm::PackOptions;
///
/// let options = PackOptions::new().out("dist").target("arm64".parse()?);
/// # Ok::<(), cargo_charm::ParsePackTargetError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PackOptions {
    pub(crate) out: Option<PathBuf>,
    pub(crate) target: Option<PackTarget>,
}

impl PackOptions {
    /// Packs for this machine's architecture, into the folder `charms` of the
    /// workspace's target folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes the package into this folder, which is made if it is missing.
    #[must_use]
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Builds for this target.
    #[must_use]
    pub fn target(mut self, target: PackTarget) -> Self {
        self.target = Some(target);
        self
    }
}
