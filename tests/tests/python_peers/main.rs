//! Charms on frameworks of Python, which are taken from the registry as they
//! are, run in the simulator.
//!
//! This needs a virtualenv, so `cargo test` leaves it out (the manifest says
//! `test = false`). `cargo xtask test` makes it and runs this, or says that it
//! did not.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod demo;
mod ops;
mod reactive;
mod twins;

#[path = "../python_interpreter/mod.rs"]
mod python_interpreter;
#[path = "../tool_program/mod.rs"]
mod tool_program;
