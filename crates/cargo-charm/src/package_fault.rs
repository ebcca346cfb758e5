//! What Juju would refuse in a package.

use std::fmt;

use juju_types::CharmFault;
use thiserror::Error;

/// Everything that Juju would refuse in a package. Its text has one line for
/// each fault, and there is at least one.
#[derive(Clone, Debug, Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PackageFaults(Vec<PackageFault>);

impl PackageFaults {
    pub(crate) fn new(faults: Vec<PackageFault>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// Returns the faults.
    pub fn iter(&self) -> std::slice::Iter<'_, PackageFault> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a PackageFaults {
    type Item = &'a PackageFault;
    type IntoIter = std::slice::Iter<'a, PackageFault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One thing that Juju would refuse in a package.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PackageFault {
    /// A rule about the entries themselves.
    Entry {
        /// The name of the entry.
        entry: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A rule about the content of a YAML file.
    Yaml(CharmFault),
}

impl fmt::Display for PackageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { entry, problem } => write!(f, "`{entry}` {problem}"),
            Self::Yaml(fault) => fault.fmt(f),
        }
    }
}
