//! One daemon for each state folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use thiserror::Error;

/// How long to wait for a daemon that is about to end.
const PATIENCE: Duration = Duration::from_secs(3);

/// Takes the state folder for this daemon, for as long as the result lives; the
/// kernel gives it back when the daemon dies.
///
/// Two daemons on one folder would each tell the charm everything, and each
/// forget what the other has told. The folder itself is locked, so that
/// nothing has to be written.
///
/// # Errors
///
/// Returns [`LockError::Taken`] if another daemon has the folder, and does not
/// end within a few seconds.
pub(crate) fn lock(folder: &Path) -> Result<File, LockError> {
    lock_within(folder, PATIENCE)
}

fn lock_within(folder: &Path, patience: Duration) -> Result<File, LockError> {
    let error = |source| LockError::Lock { path: folder.to_owned(), source };
    let file = File::open(folder).map_err(error)?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(error(source)),
            Err(TryLockError::WouldBlock) if begun.elapsed() < patience => {
                sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(LockError::Taken(folder.to_owned())),
        }
    }
}

/// Why the daemon cannot have its state folder.
#[derive(Debug, Error)]
pub(crate) enum LockError {
    #[error("cannot lock `{}`", path.display())]
    Lock { path: PathBuf, source: io::Error },
    #[error(
        "another daemon works with `{}`; one of them needs another `--state-directory`",
        .0.display()
    )]
    Taken(PathBuf),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_for_one_daemon_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        let error = lock_within(folder.path(), Duration::ZERO).unwrap_err().to_string();
        let error = error.replace(folder.path().to_str().unwrap(), "DIR");
        insta::assert_snapshot!(error, @"another daemon works with `DIR`; one of them needs another `--state-directory`");
        let waits = std::thread::spawn({
            let folder = folder.path().to_owned();
            move || lock(&folder)
        });
        drop(first);
        waits.join().unwrap().unwrap();
    }
}
