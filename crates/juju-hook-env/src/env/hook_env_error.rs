//! What is wrong with the environment.

use std::fmt;

use juju_types::VariableFault;

/// The variables are not those of a hook; the message lists every fault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HookEnvError {
    faults: Vec<VariableFault>,
    outside_juju: bool,
}

impl HookEnvError {
    pub(super) fn new(faults: Vec<VariableFault>, outside_juju: bool) -> Self {
        Self { faults, outside_juju }
    }

    /// Returns what is wrong, at least one fault.
    pub fn faults(&self) -> &[VariableFault] {
        &self.faults
    }

    /// Tells whether nothing at all looks like Juju: not a variable is there
    /// that every hook has. Then somebody has started the program by hand.
    pub fn is_outside_juju(&self) -> bool {
        self.outside_juju
    }
}

impl fmt::Display for HookEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot use the variables that the charm was started with:")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

impl std::error::Error for HookEnvError {}
