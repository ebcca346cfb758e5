//! Reading the files of a charm.

use std::fs;
use std::io::{Cursor, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

use super::entry::{Content, Entry};
use crate::charm_error::CharmError;

/// The type bits of a Unix mode.
const TYPE_MASK: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const SYMLINK: u32 = 0o120_000;

/// Reads a folder, in the order of names.
pub(super) fn read_folder(root: &Path) -> Result<Vec<Entry>, CharmError> {
    let mut entries = Vec::new();
    read_below(root, Path::new(""), &mut entries)?;
    Ok(entries)
}

fn read_below(root: &Path, below: &Path, entries: &mut Vec<Entry>) -> Result<(), CharmError> {
    let read = |source| CharmError::Read { path: root.join(below), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(below)).map_err(read)? {
        names.push(entry.map_err(read)?.file_name());
    }
    names.sort();
    for name in names {
        let path = below.join(name);
        let full = root.join(&path);
        let read = |source| CharmError::Read { path: full.clone(), source };
        let metadata = fs::symlink_metadata(&full).map_err(read)?;
        let mode = metadata.permissions().mode() & 0o777;
        if metadata.is_dir() {
            entries.push(Entry { path: path.clone(), content: Content::Folder { mode } });
            read_below(root, &path, entries)?;
        } else if metadata.is_symlink() {
            let target = fs::read_link(&full).map_err(read)?;
            entries.push(Entry { path, content: Content::Symlink { target } });
        } else if metadata.is_file() {
            let bytes = fs::read(&full).map_err(read)?;
            entries.push(Entry { path, content: Content::File { bytes, mode } });
        } else {
            return Err(CharmError::FileType { path });
        }
    }
    Ok(())
}

/// Reads a `.charm` file, in its own order.
pub(super) fn read_zip(path: &Path, bytes: Vec<u8>) -> Result<Vec<Entry>, CharmError> {
    let damaged = |source| CharmError::Zip { path: path.to_owned(), source: Box::new(source) };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(damaged)?;
        let entry_path = clean(&file.name().map_err(damaged)?);
        let unix_mode = file.unix_mode();
        let (is_folder, is_symlink) = (file.is_dir(), file.is_symlink());
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| CharmError::Read { path: path.join(&entry_path), source })?;
        // Without Unix modes nothing is executable.
        let mode = unix_mode.unwrap_or(0o644);
        let content = match mode & TYPE_MASK {
            _ if is_folder => Content::Folder { mode: unix_mode.unwrap_or(0o755) & 0o777 },
            FOLDER => Content::Folder { mode: mode & 0o777 },
            _ if is_symlink => symlink_content(&bytes),
            SYMLINK => symlink_content(&bytes),
            0 | REGULAR => Content::File { bytes, mode: mode & 0o777 },
            _ => return Err(CharmError::FileType { path: entry_path }),
        };
        if !entry_path.as_os_str().is_empty() {
            entries.push(Entry { path: entry_path, content });
        }
    }
    Ok(entries)
}

fn symlink_content(bytes: &[u8]) -> Content {
    Content::Symlink { target: PathBuf::from(String::from_utf8_lossy(bytes).into_owned()) }
}

/// Strips what would lead out of the folder.
fn clean(name: &str) -> PathBuf {
    let names = Path::new(name).components().filter(|part| matches!(part, Component::Normal(_)));
    names.collect()
}
