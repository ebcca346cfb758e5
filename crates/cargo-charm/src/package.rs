//! A finished `.charm`, read back.

use std::{
    fs,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
};

use thiserror::Error;
use zip::{CompressionMethod, System, ZipArchive};

/// A finished `.charm`, made by this crate or by another packer.
///
/// ```no_run
/// use std::path::Path;
///
/// use cargo_charm::Package;
///
/// let package = Package::open(Path::new("example-exporter_amd64.charm"))?;
/// package.check()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Package {
    entries: Vec<PackageEntry>,
    pub(crate) has_equal_names: bool,
}

impl Package {
    /// Reads a package from a file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read or is no zip file.
    pub fn open(path: &Path) -> Result<Self, OpenPackageError> {
        fs::read(path)
            .and_then(|bytes| Self::from_bytes(&bytes))
            .map_err(|source| OpenPackageError { path: path.to_owned(), source })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        let mut entries = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let raw = archive.by_index_raw(index)?;
            let mut entry = PackageEntry {
                contents: None,
                mode: matches!(raw.system(), System::Unix | System::OsDarwin)
                    .then(|| raw.external_attributes() >> 16),
                name: String::from_utf8_lossy(raw.name_raw()).into_owned(),
            };
            // Juju's unzip knows these two methods only.
            let is_plain = !raw.encrypted()
                && matches!(
                    raw.compression(),
                    CompressionMethod::Stored | CompressionMethod::Deflated
                );
            drop(raw);
            if is_plain {
                let mut contents = Vec::new();
                archive.by_index(index)?.read_to_end(&mut contents)?;
                entry.contents = Some(contents);
            }
            entries.push(entry);
        }
        Ok(Self { entries, has_equal_names: archive.has_duplicate_names() })
    }

    /// Returns the entries in their order in the package.
    pub fn entries(&self) -> &[PackageEntry] {
        &self.entries
    }

    /// Returns the entry of this name.
    pub fn entry(&self, name: &str) -> Option<&PackageEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

/// One entry of a package.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PackageEntry {
    /// The content; of a symbolic link, its target. Nothing if it is encrypted,
    /// or compressed in a way that Juju does not know.
    pub contents: Option<Vec<u8>>,
    /// The Unix mode with its type bits, such as `0o100755`; nothing if the
    /// package was written without Unix modes.
    pub mode: Option<u32>,
    /// The name, such as `dispatch` or `hooks/install`.
    pub name: String,
}

impl PackageEntry {
    /// Returns the kind of file that Juju makes of it.
    pub(crate) fn kind(&self) -> EntryKind {
        match self.mode.map(|mode| mode & 0o170_000) {
            _ if self.name.ends_with('/') => EntryKind::Directory,
            None | Some(0 | 0o100_000) => EntryKind::File,
            Some(0o040_000) => EntryKind::Directory,
            Some(0o120_000) => EntryKind::Symlink,
            Some(_) => EntryKind::Unknown,
        }
    }

    /// Returns the content if it is text.
    pub(crate) fn text(&self) -> Option<&str> {
        str::from_utf8(self.contents.as_deref()?).ok()
    }
}

/// The kinds of files in a package.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum EntryKind {
    Directory,
    File,
    Symlink,
    Unknown,
}

/// The file is no package.
#[derive(Debug, Error)]
#[error("cannot open the package `{path}`")]
pub struct OpenPackageError {
    path: PathBuf,
    source: io::Error,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::archive::{ArchiveFile, zip};

    fn package() -> Vec<u8> {
        let file = |name: &str, mode| ArchiveFile {
            name: name.to_owned(),
            mode,
            contents: b"name: tiny\n".to_vec(),
        };
        zip(&[file("dispatch", 0o755), file("metadata.yaml", 0o644)]).unwrap()
    }

    #[test]
    fn reads_what_was_written() {
        let package = Package::from_bytes(&package()).unwrap();
        let [dispatch, metadata] = package.entries() else { panic!("{package:?}") };
        assert_eq!((dispatch.name.as_str(), dispatch.mode), ("dispatch", Some(0o100_755)));
        assert_eq!((metadata.kind(), metadata.text()), (EntryKind::File, Some("name: tiny\n")));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(changes in proptest::collection::vec(any::<(prop::sample::Index, u8)>(), 0..9)) {
            let mut bytes = package();
            for (index, byte) in changes {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            if let Ok(package) = Package::from_bytes(&bytes) {
                let _ = package.check();
            }
        }
    }
}
