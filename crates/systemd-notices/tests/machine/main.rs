//! The charm's side and the daemon under a real systemd.
//!
//! This needs root and a systemd, so plain `cargo test` leaves it out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod apply;
mod daemon;
mod names;
mod promise;
mod python;
mod remove;
mod unit;
