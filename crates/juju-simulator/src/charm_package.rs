//! A charm as it is deployed: a `.charm` file, or a folder that looks like one.

mod entry;
mod read;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use juju_types::{Charm, CharmFiles, ConfigType, JujuVersion};

use crate::charm_error::CharmError;
use crate::in_process::InProcess;
use entry::{Content, Entry};
use read::{read_folder, read_zip};

/// A charm, read and checked.
#[derive(Clone, Debug)]
pub(crate) struct CharmPackage {
    pub(crate) charm: Arc<Charm>,
    entries: Vec<Entry>,
    /// What is run instead of a program among the files.
    pub(crate) function: Option<InProcess>,
}

impl CharmPackage {
    /// Reads a charm, and checks what Juju checks when it is deployed.
    pub(crate) fn read(path: &Path, version: &JujuVersion) -> Result<Self, CharmError> {
        let open = |source| CharmError::Open { path: path.to_owned(), source };
        let entries = if fs::metadata(path).map_err(open)?.is_dir() {
            read_folder(path)?
        } else {
            read_zip(path, fs::read(path).map_err(open)?)?
        };
        let charm = Arc::new(read_charm(path, &entries)?);
        let package = Self { charm, entries, function: None };
        package.check(version)?;
        Ok(package)
    }

    /// Takes a charm that has no files but those which describe it.
    pub(crate) fn in_process(files: &CharmFiles, function: InProcess) -> Result<Self, CharmError> {
        let charm = Arc::new(Charm::from_files(files).map_err(CharmError::Faults)?);
        let entries = files.iter().map(|(name, text)| Entry {
            path: name.into(),
            content: Content::File { bytes: text.as_bytes().to_vec(), mode: 0o644 },
        });
        Ok(Self { charm, entries: entries.collect(), function: Some(function) })
    }

    /// Checks that a version of Juju knows the types of all config options.
    pub(crate) fn check_config(&self, version: &JujuVersion) -> Result<(), CharmError> {
        let mut options = self.charm.config().options();
        match options.find(|(_, option)| option.kind == ConfigType::Secret) {
            Some((name, option)) if !version.has_secret_options() => {
                Err(CharmError::ConfigType { option: name.to_owned(), kind: option.kind })
            }
            _ => Ok(()),
        }
    }

    /// Writes the charm's files below a folder that exists.
    pub(crate) fn unpack(&self, folder: &Path) -> io::Result<()> {
        self.entries.iter().try_for_each(|entry| entry.unpack(folder))
    }

    /// Writes the charm's files over those of another version, and removes
    /// those that only the other version had. What the charm itself has made
    /// stays.
    pub(crate) fn replace(&self, former: &Self, folder: &Path) -> io::Result<()> {
        let kept: BTreeSet<&Path> = self.entries.iter().map(|entry| entry.path.as_path()).collect();
        for entry in former.entries.iter().filter(|entry| !kept.contains(entry.path.as_path())) {
            // What the charm has removed or replaced itself is none of our business.
            let _ = match entry.content {
                Content::Folder { .. } => fs::remove_dir(folder.join(&entry.path)),
                Content::File { .. } | Content::Symlink { .. } => {
                    fs::remove_file(folder.join(&entry.path))
                }
            };
        }
        self.unpack(folder)
    }

    fn check(&self, version: &JujuVersion) -> Result<(), CharmError> {
        for entry in &self.entries {
            if let Content::Symlink { target } = &entry.content {
                entry::check_symlink(&entry.path, target)?;
            }
        }
        let is_program = |entry: &Entry| {
            let name = entry.path.to_string_lossy();
            let is_folder = matches!(entry.content, Content::Folder { .. });
            name.contains("dispatch")
                || (!is_folder && entry.path.parent() == Some(Path::new("hooks")))
        };
        if !self.entries.iter().any(is_program) {
            return Err(CharmError::NoHooks { charm: self.charm.name().clone() });
        }
        self.check_config(version)?;
        if version.requires_bases() && self.charm.bases().is_empty() {
            return Err(CharmError::NoBases);
        }
        Ok(())
    }
}

fn read_charm(path: &Path, entries: &[Entry]) -> Result<Charm, CharmError> {
    let files = CharmFiles::read(|name| {
        let entry = entries.iter().find(|entry| entry.path == Path::new(name));
        match entry.map(|entry| &entry.content) {
            Some(Content::File { bytes, .. }) => match str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => Err(CharmError::NoText { file: name.to_owned() }),
            },
            _ => Ok(None),
        }
    })?;
    if files.metadata.is_none() {
        return Err(CharmError::NoMetadata { path: path.to_owned() });
    }
    Charm::from_files(&files).map_err(CharmError::Faults)
}
