//! A real systemd over a throw-away overlay of this very machine, for tests and
//! the demo.
//!
//! ```no_run
//! use throwaway_machine::ThrowawayMachine;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let machine = ThrowawayMachine::builder()
//!     .host_name("juju-1")
//!     .file("/etc/systemd/system/snail.service", "[Service]\nExecStart=sleep 60\n", 0o644)
//!     .boot()?;
//! machine.run(["systemctl", "start", "snail.service"])?.success()?;
//! assert_eq!(machine.run(["systemctl", "is-active", "snail.service"])?.stdout(), "active\n");
//! # Ok(())
//! # }
//! ```
//!
//! The machine sees the files of the host (this needs root, and half a second),
//! and is alone otherwise: what it writes is in memory, and its processes,
//! mounts, control groups, host name and network are its own. The network is a
//! loopback that no other machine sees, so that ports never clash. When the
//! [`ThrowawayMachine`] is dropped, or the program that holds it dies, all of
//! this is gone and the host is as it was.
//!
//! # What to know
//!
//! - **Files of the host must not change while a machine is up**: below an
//!   overlay, [the kernel] does not say what becomes of a file that does. What
//!   has to go back and forth goes through [`ThrowawayMachine::shared_dir`].
//! - Only the host's root file system is seen. What is mounted elsewhere
//!   (`/home` on a disk of its own) is an empty folder inside; `/tmp` and `/run`
//!   begin empty.
//! - Nothing that the host's administrator has enabled is started: what runs is
//!   what Debian's packages of systemd and D-Bus start everywhere.
//! - The kernel is the host's. Its settings and devices are read-only inside;
//!   limits of memory and processor time have no effect where the host has its
//!   controllers elsewhere.
//! - A command of [`ThrowawayMachine::command`] is inside, but no prisoner: it
//!   is root on this kernel.
//!
//! # What is not here
//!
//! Juju is `juju-simulator`, and the packages that tests run are fetched by
//! `cargo xtask debian-packages`.
//!
//! [the kernel]: https://docs.kernel.org/filesystems/overlayfs.html#changes-to-underlying-filesystems

mod boot_error;
mod builder;
mod command;
mod console;
mod disk;
mod http;
mod log;
mod machine;
mod output;
mod requirements;
mod run_error;
mod systemd;
mod wait_error;

pub use crate::{
    boot_error::BootError, builder::ThrowawayMachineBuilder, machine::ThrowawayMachine,
    output::Output, run_error::RunError, wait_error::WaitError,
};
