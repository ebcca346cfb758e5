//! What is wrong with charms, what is packed of them, and what they are asked.

mod action_rules;
mod charmcraft_rules;
mod config_rules;
mod good_charm;
mod hostile;
mod manifest_rules;
mod metadata_rules;
mod packing;
mod warnings;

use crate::charm::{Charm, CharmFault, CharmFiles};

/// The lines of `metadata.yaml` that every charm needs.
const HEAD: &str = "name: app\nsummary: An app.\ndescription: An app, at length.\n";

/// The smallest useful `manifest.yaml`.
const MANIFEST: &str = "bases:\n  - {name: ubuntu, channel: \"24.04\", architectures: [amd64]}\n";

/// The lines of `charmcraft.yaml` that every charm needs.
const CHARMCRAFT: &str = "\
type: charm
base: ubuntu@24.04
platforms: {amd64: }
parts: {charm: {plugin: dump, source: .}}
name: app
summary: An app.
description: An app, at length.
";

/// Returns the files of a charm that has nothing wrong.
fn good_files() -> CharmFiles {
    CharmFiles {
        manifest: Some(MANIFEST.to_owned()),
        metadata: Some(HEAD.to_owned()),
        ..CharmFiles::default()
    }
}

/// Returns a charm that is one `charmcraft.yaml`, with `more` at its end.
fn charmcraft_files(more: &str) -> CharmFiles {
    CharmFiles { charmcraft: Some(format!("{CHARMCRAFT}{more}")), ..CharmFiles::default() }
}

/// Returns what is wrong with a charm, a fault a line.
fn faults(files: &CharmFiles) -> String {
    match Charm::from_files(files) {
        Ok(_) => "nothing".to_owned(),
        Err(faults) => faults.to_string(),
    }
}

/// Returns what a charm is warned about, a warning a line.
fn warnings(files: &CharmFiles) -> String {
    let charm = Charm::from_files(files).unwrap();
    charm.warnings().iter().map(CharmFault::to_string).collect::<Vec<_>>().join("\n")
}
