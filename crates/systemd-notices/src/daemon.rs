//! The daemon that watches systemd and wakes the charm.

mod journal;
mod passage;
mod process;
mod seen;
mod service_manager;
mod told;
mod watch;
