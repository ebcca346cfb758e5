//! Tests that cross crates. There is nothing to use here.

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
