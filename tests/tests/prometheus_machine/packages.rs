//! The example charms as packages.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cargo_charm::{PackOptions, Workspace, pack};

/// Packs a charm of this workspace, unless it has not changed, and returns where
/// it is.
pub(crate) fn packed(charm: &str) -> PathBuf {
    // Two at once would wait for each other's cargo anyway.
    static PACKING: Mutex<()> = Mutex::new(());
    let _packing = PACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let workspace = Workspace::load(&manifest).unwrap();
    pack(workspace.charm(charm).unwrap(), &PackOptions::new()).unwrap().path
}
