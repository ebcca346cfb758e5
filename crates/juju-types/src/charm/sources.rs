//! The charm's files as trees.

use crate::charm::charm_fault::CharmFault;
use crate::charm::charm_files::CharmFiles;
use crate::charm::findings::Findings;
use crate::charm::spot::Spot;
use crate::yaml::{self, Node};

/// The trees of those files that exist.
pub(super) struct Sources<'a> {
    findings: &'a Findings,
    /// By the name of the file; without a tree if it cannot be read.
    trees: Vec<(&'static str, Option<Node>)>,
}

impl<'a> Sources<'a> {
    /// Reads the YAML, and reports what is wrong with that.
    pub(super) fn read(files: &CharmFiles, findings: &'a Findings) -> Self {
        let mut trees = Vec::new();
        for (file, text) in files.iter() {
            let (tree, faults) = yaml::parse(text);
            for fault in faults {
                let fault = CharmFault::new(file, fault.place, &fault.path, &fault.message);
                findings.fault(fault);
            }
            trees.push((file, tree));
        }
        Self { findings, trees }
    }

    /// Tells whether there is such a file, readable or not.
    pub(super) fn has(&self, file: &str) -> bool {
        self.trees.iter().any(|(name, _)| *name == file)
    }

    /// Returns the root of a file, if it exists and can be read.
    pub(super) fn root(&'a self, file: &str) -> Option<Spot<'a>> {
        let (file, tree) = self.trees.iter().find(|(name, _)| *name == file)?;
        Some(Spot::root(self.findings, file, tree.as_ref()?))
    }
}
