//! Why the variables of the charm's process name no event.

use std::fmt;

use crate::variable_fault::VariableFault;

/// The variables name no valid event; the message lists every fault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventVariablesError {
    // Not empty.
    faults: Vec<VariableFault>,
}

impl EventVariablesError {
    pub(crate) fn new(faults: Vec<VariableFault>) -> Self {
        Self { faults }
    }

    /// Returns what is wrong, at least one fault.
    pub fn faults(&self) -> &[VariableFault] {
        &self.faults
    }
}

impl fmt::Display for EventVariablesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot tell the event from the variables")?;
        for (index, fault) in self.faults.iter().enumerate() {
            write!(f, "{} {fault}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for EventVariablesError {}
