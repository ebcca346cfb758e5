//! What does not fit between a charm and its YAML.

use std::slice;

use thiserror::Error;

use crate::charm::charm_yaml::CharmYamlError;

/// All that a charm has in its program and not in its YAML, or the other way
/// round; see [`Charm::check`](crate::Charm::check).
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the charm does not fit its YAML:\n- {}", .faults.join("\n- "))]
pub struct CheckFaults {
    faults: Vec<String>,
}

impl CheckFaults {
    /// Returns an error, if there is a fault.
    pub(crate) fn of(faults: Vec<String>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    /// Returns the faults, each in one line.
    pub fn iter(&self) -> slice::Iter<'_, String> {
        self.faults.iter()
    }
}

impl<'a> IntoIterator for &'a CheckFaults {
    type Item = &'a String;
    type IntoIter = slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Why a charm cannot be packed with the YAML files in a folder.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CheckFolderError {
    /// The charm does not fit its YAML.
    #[error(transparent)]
    Faults(#[from] CheckFaults),
    /// The YAML files cannot be read, or are refused.
    #[error("cannot tell what is in the charm's YAML files")]
    Yaml(#[source] CharmYamlError),
}
