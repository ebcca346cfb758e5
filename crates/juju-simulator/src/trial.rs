use std::sync::{Arc, Mutex, PoisonError};

use crate::operation::Operation;

/// One of many runs of a scenario, in which something goes wrong.
///
/// It sees the operations also of a scenario that fails, and takes its simulator
/// with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trial {
    operations: Arc<Mutex<Vec<Operation>>>,
}

impl Trial {
    pub(crate) fn note(&self, operation: &Operation) {
        let mut operations = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        operations.push(operation.clone());
    }

    /// Returns all that was run.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
