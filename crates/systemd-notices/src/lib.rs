//! Wakes a Juju charm when a systemd unit on its machine changes.
//!
//! # Crate features
//!
//! - `daemon` (default): the daemon that watches systemd, as a call.
