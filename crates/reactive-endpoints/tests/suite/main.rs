//! What a charm does with this crate, in a simulated model.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod check;
mod config;
mod digests;
mod dispatch;
mod endpoints;
mod explain;
mod files;
mod flags;
mod handlers;
mod interfaces;
mod key_list;
mod kill_points;
mod kill_points_requests;
mod kv;
mod leadership;
mod received;
mod requests;
mod secrets;
mod series_upgrade;
mod sqlite_store;
mod status;
mod subcommands;
mod support;
mod triggers;
mod units_view;
