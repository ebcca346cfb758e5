//! The boot of the machine, and the clock that begins with it.

use std::fs;
use std::io;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the id of this boot of the machine.
///
/// # Errors
///
/// Fails if there is no `/proc`.
pub(crate) fn boot_id() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim_end().to_owned())
}

/// Returns the time since the machine was started, without that in which it
/// was suspended: nothing ran then.
pub(crate) fn since_boot() -> Duration {
    // The kernel promises that it does not run below zero.
    clock_gettime(ClockId::Monotonic).try_into().unwrap_or_default()
}
