//! What is said once in a run.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Warnings about what may be looked at many times in a run: each is logged
/// once. Clones share everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reports(Rc<RefCell<BTreeSet<String>>>);

impl Reports {
    pub(crate) fn warn_once(&self, report: String) {
        let mut said = self.0.borrow_mut();
        if !said.contains(&report) {
            tracing::warn!("{report}");
            said.insert(report);
        }
    }
}
