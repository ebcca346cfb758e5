//! The members of this workspace, as cargo and their manifests describe them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cargo_metadata::{Metadata, MetadataCommand, Package};

/// This workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    metadata: Metadata,
}

impl Workspace {
    /// Asks cargo for the workspace that xtask itself was built in.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = MetadataCommand::new()
            .manifest_path(&manifest)
            .exec()
            .with_context(|| format!("cannot read the workspace at `{}`", manifest.display()))?;
        Ok(Self { root: metadata.workspace_root.clone().into(), metadata })
    }

    /// Returns the folder of the root manifest.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder that cargo builds into.
    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// Returns our own packages, sorted by name.
    pub(crate) fn members(&self) -> Vec<&Package> {
        let mut members = self.metadata.workspace_packages();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members
    }

    /// Returns the packages of other people, sorted by name and version.
    pub(crate) fn foreign(&self) -> Vec<&Package> {
        let ours = &self.metadata.workspace_members;
        let mut foreign: Vec<_> =
            self.metadata.packages.iter().filter(|package| !ours.contains(&package.id)).collect();
        foreign.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        foreign
    }

    /// Reads a text file below the root.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> anyhow::Result<String> {
        let path = self.root.join(path);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))
    }
}
