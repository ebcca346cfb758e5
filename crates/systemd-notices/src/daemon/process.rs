//! A process that may outlive the daemon that started it.

use std::fmt;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};
use serde::{Deserialize, Serialize};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// One process, and no later one with the same number: the kernel gives numbers
/// again, so the time of its start belongs to it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Process {
    pid: i32,
    /// In ticks of the clock since the boot, as in `/proc/PID/stat`.
    started: u64,
}

impl Process {
    /// Finds the process with the number `pid`, or `None` if there is none, or
    /// it has ended and only waits for its parent.
    pub(crate) fn find(pid: u32) -> Option<Self> {
        let pid = i32::try_from(pid).ok().filter(|&pid| pid > 0)?;
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        Some(Self { pid, started: start_time(&stat)? })
    }

    /// Tells whether it runs still.
    pub(crate) fn is_running(self) -> bool {
        u32::try_from(self.pid).ok().and_then(Self::find) == Some(self)
    }

    /// Waits, without a limit, until it has ended, whosever child it is.
    ///
    /// # Errors
    ///
    /// Fails if the kernel gives no handle of the process.
    pub(crate) async fn ended(self) -> io::Result<()> {
        let Some(handle) = self.open()? else { return Ok(()) };
        // The handle is of whatever has the number now.
        if self.is_running() { wait(handle).await } else { Ok(()) }
    }

    /// Waits, without a limit, until it has ended, which is a child that this
    /// process has yet to reap: no other process has its number until then.
    ///
    /// # Errors
    ///
    /// As [`ended`](Self::ended).
    pub(crate) async fn child_ended(self) -> io::Result<()> {
        let Some(handle) = self.open()? else { return Ok(()) };
        wait(handle).await
    }

    /// Kills it and what it has started, as long as that is in its process
    /// group.
    pub(crate) fn kill_group(self) {
        if let (true, Some(pid)) = (self.is_running(), Pid::from_raw(self.pid)) {
            // It may have ended by itself just now.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    /// Opens a handle of the process that has its number, if there is one.
    fn open(self) -> io::Result<Option<OwnedFd>> {
        let Some(pid) = Pid::from_raw(self.pid) else { return Ok(None) };
        match pidfd_open(pid, PidfdFlags::NONBLOCK) {
            Ok(handle) => Ok(Some(handle)),
            Err(rustix::io::Errno::SRCH) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.pid, self.started)
    }
}

/// Waits until the process of `handle` has ended.
async fn wait(handle: OwnedFd) -> io::Result<()> {
    #[expect(deprecated, reason = "its unsafe heir asks for what an `OwnedFd` guarantees")]
    let handle: AsyncFd<OwnedFd> = AsyncFd::with_interest(handle, Interest::READABLE)?;
    handle.readable().await?.retain_ready();
    Ok(())
}

/// Reads the start time from the text of `/proc/PID/stat`, unless the process
/// has ended.
fn start_time(stat: &str) -> Option<u64> {
    // The second field, the program's name, may hold blanks and parentheses.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a) S 1) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 9876 1 2 3";

    #[test]
    fn reads_the_start_time_behind_a_name_that_looks_like_fields() {
        assert_eq!(start_time(STAT), Some(9876));
    }

    #[test]
    fn takes_a_process_that_waits_for_its_parent_as_ended() {
        assert_eq!(start_time(&STAT.replace(") S 1 42", ") Z 1 42")), None);
    }

    #[test]
    fn finds_itself_and_no_other() {
        let own = Process::find(std::process::id()).unwrap();
        assert!(own.is_running());
        assert!(!Process { started: own.started + 1, ..own }.is_running());
        assert_eq!(Process::find(0), None);
    }
}
