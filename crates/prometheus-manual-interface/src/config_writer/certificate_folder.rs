//! The folder of the certificates of jobs.

use std::collections::BTreeSet;
use std::path::Path;

use rustix::fs::RawMode;

use crate::certificate_file::CertificateFile;
use crate::config_writer::file_owner::Ids;
use crate::config_writer::folder::{Access, Folder, Found};
use crate::config_writer::write_error::WriteError;

/// The folder of the certificates of jobs, with those of jobs that are in effect
/// and those of jobs that are to be.
///
/// Dropped before the latter are [kept](Self::keep), it removes them.
#[derive(Debug)]
pub(crate) struct CertificateFolder {
    folder: Folder,
    /// Those that were not there before.
    new: Vec<String>,
    /// Those that no job is to name any more, and what earlier runs have left.
    stale: Vec<String>,
}

const FOLDER_MODE: RawMode = 0o750;
const KEY_MODE: RawMode = 0o600;
const CERTIFICATE_MODE: RawMode = 0o644;

impl CertificateFolder {
    /// Writes the files that are not there yet, and returns the folder, if there
    /// is one or has to be.
    pub(crate) fn write<'a>(
        path: &Path,
        files: impl ExactSizeIterator<Item = &'a CertificateFile>,
        ids: Option<Ids>,
    ) -> Result<Option<Self>, WriteError> {
        let folder = match Folder::open_itself(path)? {
            Some(folder) => folder,
            None if files.len() == 0 => return Ok(None),
            None => Folder::make(path)?,
        };
        folder.mend(Access { mode: FOLDER_MODE, ids })?;
        let mut stale: BTreeSet<_> = folder.names()?.into_iter().filter(|n| is_ours(n)).collect();
        let mut this = Self { folder, new: Vec::new(), stale: Vec::new() };
        let mut wrote = false;
        for file in files {
            stale.remove(file.name());
            wrote |= this.add(file, ids)?;
        }
        if wrote {
            this.folder.sync()?;
        }
        this.stale = stale.into_iter().collect();
        Ok(Some(this))
    }

    /// Leaves the new files there, and returns their names.
    pub(crate) fn keep(&mut self) -> Vec<String> {
        std::mem::take(&mut self.new)
    }

    /// Removes files.
    pub(crate) fn remove(&self, names: &[String]) -> Result<(), WriteError> {
        names.iter().try_for_each(|name| self.folder.remove(name))
    }

    /// Removes the files that no job names.
    pub(crate) fn collect(&self) -> Result<(), WriteError> {
        if self.stale.is_empty() {
            return Ok(());
        }
        self.remove(&self.stale)?;
        self.folder.sync()
    }

    /// Writes a file, and returns whether it had to be written.
    fn add(&mut self, file: &CertificateFile, ids: Option<Ids>) -> Result<bool, WriteError> {
        let mode = if file.is_secret() { KEY_MODE } else { CERTIFICATE_MODE };
        let access = Access { mode, ids };
        let contents = file.contents().as_bytes();
        let found = self.folder.find(file.name(), contents, access)?;
        if found == Found::Same {
            return Ok(false);
        }
        // One with a wrong mode is written anew too: it may be the other name of
        // a file elsewhere, which is not ours to change.
        let unfinished = unfinished(file.name());
        self.folder.create(&unfinished, contents, access)?;
        if found == Found::Nothing {
            self.new.push(file.name().to_owned());
        }
        self.folder.rename(&unfinished, file.name())?;
        Ok(true)
    }
}

impl Drop for CertificateFolder {
    fn drop(&mut self) {
        for name in &self.new {
            // If it stays, a later run collects it.
            let _ = self.folder.remove(name);
        }
    }
}

/// Returns the name of a file that is being written.
fn unfinished(name: &str) -> String {
    format!(".{name}.new")
}

/// Tells whether a file of this name comes from here, finished or not.
fn is_ours(name: &str) -> bool {
    let unfinished = name.strip_prefix('.').and_then(|name| name.strip_suffix(".new"));
    CertificateFile::is_name(unfinished.unwrap_or(name))
}
