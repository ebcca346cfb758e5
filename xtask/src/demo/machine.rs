//! The scratch folder that the charm takes for its machine.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// The folder, and how much of its list of changes has been shown.
#[derive(Debug)]
pub(super) struct Machine {
    folder: PathBuf,
    shown: usize,
}

impl Machine {
    /// Makes a new, empty folder; what an earlier demo left there is removed.
    pub(super) fn new(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("cannot empty `{}`", folder.display()))?;
        }
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), shown: 0 })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns what has happened to the machine since the last call.
    pub(super) fn new_changes(&mut self) -> Vec<String> {
        // There is no list before the first change.
        let list = fs::read_to_string(self.folder.join("changes.txt")).unwrap_or_default();
        let changes = list.lines().skip(self.shown).map(str::to_owned).collect::<Vec<_>>();
        self.shown += changes.len();
        changes
    }
}
