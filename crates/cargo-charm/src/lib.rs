//! Builds, checks and packs Juju charms written in Rust.
