//! Both sides of the interface, in a simulated model.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod check;
mod kill_points;
mod leader_only;
mod model;
mod producers;
mod provides;
mod recordings;
mod requires;
