//! Behaviour of `cargo charm`, library and program.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by a panic")]

mod bench;
mod build;
mod check;
mod new;
mod pack;
mod package;
mod program;
mod self_check;
mod version;
mod workspace;
