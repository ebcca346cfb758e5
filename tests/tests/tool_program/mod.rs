//! The program that stands for Juju's hook tools, which is another package's.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Builds the program, and returns where it is.
pub(crate) fn path() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let arguments = "build --quiet --package juju-simulator --bin juju-sim-tool";
        let cargo = Command::new(env!("CARGO")).args(arguments.split(' ')).status();
        assert!(cargo.expect("cargo starts").success());
        Path::new(env!("CARGO_BIN_EXE_probe-charm")).with_file_name("juju-sim-tool")
    })
}
