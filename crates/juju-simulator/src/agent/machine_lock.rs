use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// What is held while anything runs on a machine: an operation of one of its
/// units, or `juju-exec --no-context`.
#[derive(Debug)]
pub(super) struct MachineLock(#[expect(dead_code, reason = "it is held, not used")] File);

impl MachineLock {
    /// Waits until nothing else runs there.
    pub(super) fn acquire(path: &Path, limit: Duration) -> io::Result<Self> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        let deadline = Instant::now().checked_add(limit);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                let text = "something else runs on the machine, and does not end";
                return Err(io::Error::new(io::ErrorKind::TimedOut, text));
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
