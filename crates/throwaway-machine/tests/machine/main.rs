//! What a throw-away machine can do, and that the host does not notice.
//!
//! This needs root and a systemd, so plain `cargo test` leaves it out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod files;
mod host;
mod life;
mod network;
mod services;
