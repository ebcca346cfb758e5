//! What the crate does, seen from outside.

mod run;
mod scratch;
