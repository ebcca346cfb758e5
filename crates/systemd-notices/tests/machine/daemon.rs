//! The daemon under a real systemd, on a throw-away machine.

mod bench;
mod bus;
mod deliveries;
mod lives;
mod names;
mod state;
