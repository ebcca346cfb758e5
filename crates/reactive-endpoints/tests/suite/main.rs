//! What a charm does with this crate, in a simulated model.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod check;
mod config;
mod dispatch;
mod endpoints;
mod explain;
mod flags;
mod interfaces;
mod kill_points;
mod kv;
mod leadership;
mod requests;
mod series_upgrade;
mod sqlite_store;
mod subcommands;
mod support;
mod triggers;
