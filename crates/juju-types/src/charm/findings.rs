//! Where faults and warnings are gathered while the files are read.

use std::cell::RefCell;

use crate::charm::charm_fault::CharmFault;

/// Faults and warnings, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: RefCell<Vec<CharmFault>>,
    warnings: RefCell<Vec<CharmFault>>,
}

impl Findings {
    pub(super) fn fault(&self, fault: CharmFault) {
        self.faults.borrow_mut().push(fault);
    }

    pub(super) fn warning(&self, warning: CharmFault) {
        self.warnings.borrow_mut().push(warning);
    }

    /// Returns the faults and the warnings, ordered by file and place.
    pub(super) fn into_parts(self) -> (Vec<CharmFault>, Vec<CharmFault>) {
        (sorted(self.faults.into_inner()), sorted(self.warnings.into_inner()))
    }
}

fn sorted(mut faults: Vec<CharmFault>) -> Vec<CharmFault> {
    faults.sort();
    // What an alias repeats is wrong once.
    faults.dedup();
    faults
}
