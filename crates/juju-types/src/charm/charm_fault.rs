//! What is wrong with a charm's files.

use std::fmt;
use std::slice;
use std::vec;

use thiserror::Error;

use crate::yaml::{Place, printable};

/// One thing that is wrong with a charm, and where.
///
/// `Display` writes it as editors and terminals know it, on one line:
/// `metadata.yaml:3:5: provides.website.scope: invalid relation scope …`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct CharmFault {
    // The order of the fields is the order in which faults are listed.
    file: &'static str,
    place: Place,
    path: String,
    message: String,
}

impl CharmFault {
    pub(super) fn new(file: &'static str, place: Place, path: &str, message: &str) -> Self {
        Self { file, place, path: path.to_owned(), message: printable(message, LONGEST_MESSAGE) }
    }

    /// Returns the name of the file, such as `metadata.yaml`.
    pub fn file(&self) -> &'static str {
        self.file
    }

    /// Returns the line, counted from 1.
    pub fn line(&self) -> usize {
        self.place.line
    }

    /// Returns the column, counted from 1, in characters.
    pub fn column(&self) -> usize {
        self.place.column
    }

    /// Returns the keys and indices that lead there, such as `bases[0].channel`;
    /// nothing for the file as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong, and what would be right.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for CharmFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place: Place { line, column }, path, message } = self;
        write!(f, "{file}:{line}:{column}: ")?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(message)
    }
}

/// Everything that is wrong with a charm's files, ordered by file and place.
///
/// `Display` writes one [`CharmFault`] a line.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{}", lines(.faults))]
pub struct CharmFaults {
    faults: Vec<CharmFault>,
    warnings: Vec<CharmFault>,
}

impl CharmFaults {
    pub(super) fn new(faults: Vec<CharmFault>, warnings: Vec<CharmFault>) -> Self {
        Self { faults, warnings }
    }

    /// Returns the faults in order.
    pub fn iter(&self) -> slice::Iter<'_, CharmFault> {
        self.faults.iter()
    }

    /// Returns what was noticed besides, as
    /// [`Charm::warnings`](crate::Charm::warnings) would.
    pub fn warnings(&self) -> &[CharmFault] {
        &self.warnings
    }
}

impl IntoIterator for CharmFaults {
    type Item = CharmFault;
    type IntoIter = vec::IntoIter<CharmFault>;

    fn into_iter(self) -> Self::IntoIter {
        self.faults.into_iter()
    }
}

impl<'a> IntoIterator for &'a CharmFaults {
    type Item = &'a CharmFault;
    type IntoIter = slice::Iter<'a, CharmFault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn lines(faults: &[CharmFault]) -> String {
    faults.iter().map(CharmFault::to_string).collect::<Vec<_>>().join("\n")
}

/// In characters: a message quotes what a file says, which may be long.
const LONGEST_MESSAGE: usize = 400;
