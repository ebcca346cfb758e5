//! A text file that is written as a whole.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::notices_error::NoticesError;

/// Returns the text of the file at `path`, or `None` if there is no such file,
/// or none of ours: one that is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<Option<String>, NoticesError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::InvalidData].contains(&error.kind()) => {
            Ok(None)
        }
        Err(error) => Err(NoticesError::file("read", path)(error)),
    }
}

/// Replaces the file at `path` by one with `text` that everybody may read, and
/// makes the folders above it: at every moment there is the old file or the
/// new one, even if the machine dies.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), NoticesError> {
    replace(path, text).map_err(NoticesError::file("write", path))
}

/// Removes the file at `path`, if there is one, and tells whether there was.
pub(crate) fn remove(path: &Path) -> Result<bool, NoticesError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(NoticesError::file("remove", path)(error)),
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // systemd takes no file with this suffix for a unit file.
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = Path::new(&new);
    // What a dead process has left there could be anything, even a link.
    match fs::remove_file(new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().create_new(true).mode(0o644).write(true).open(new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{read, remove, write};

    #[test]
    fn replaces_a_link_and_not_what_it_points_to() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("file"), folder.path().join("other"));
        fs::write(&other, "other").unwrap();
        symlink(&other, &path).unwrap();
        symlink(&other, folder.path().join("file.new")).unwrap();
        write(&path, "text").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("text"));
        assert_eq!(path.symlink_metadata().unwrap().permissions().mode(), 0o100_644);
        assert_eq!(read(&other).unwrap().as_deref(), Some("other"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn knows_a_file_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(read(&path).unwrap(), None);
        assert!(!remove(&path).unwrap());
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(read(&path).unwrap(), None);
        assert!(remove(&path).unwrap());
    }

    #[test]
    fn names_the_path_that_it_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let path = folder.path().join("file/file");
        let error = write(&path, "").unwrap_err().to_string();
        assert_eq!(error, format!("cannot write `{}`", path.display()));
    }
}
