//! The interpreter of the virtualenv that has Python's charm frameworks.

use std::path::{Path, PathBuf};

/// Returns where the interpreter is. `cargo xtask test` and `cargo xtask
/// python-peers` make the virtualenv.
pub(crate) fn path() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python-peers");
    // Written when all is in place.
    assert!(folder.join("complete").is_file(), "run `cargo xtask python-peers` first");
    folder.join("bin/python")
}
