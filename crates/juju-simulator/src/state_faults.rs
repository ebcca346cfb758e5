use std::fmt;

use thiserror::Error;

/// Why Juju could not produce a state of a unit, or run an event in it: a
/// sentence for each fault.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub struct StateFaults {
    /// At least one.
    faults: Vec<String>,
}

impl StateFaults {
    /// Returns the faults, in the order of a state's parts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.faults.iter().map(String::as_str)
    }

    /// Reports faults, if there are any.
    pub(crate) fn none_of(faults: Vec<String>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    pub(crate) fn one(fault: impl Into<String>) -> Self {
        Self { faults: vec![fault.into()] }
    }
}

/// Each fault on a line of its own.
impl fmt::Display for StateFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Juju could not produce this:")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}
