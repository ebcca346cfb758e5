//! What packing is doing.

use crate::Triple;

/// What packing is doing.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// The program is being built.
    Building {
        /// The name of the charm.
        charm: &'a str,
        /// What it is built for.
        triple: &'a Triple,
    },
    /// Cargo says this, in one line.
    Cargo(&'a str),
    /// The files are being compressed.
    Zipping {
        /// The name of the package.
        file: &'a str,
    },
}
