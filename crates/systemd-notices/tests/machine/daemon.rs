//! The daemon.

mod bench;
mod bus;
mod deliveries;
mod happened;
mod lives;
mod names;
mod said;
mod state;
mod whole;
