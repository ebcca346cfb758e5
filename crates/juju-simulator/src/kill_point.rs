use std::fmt;

use juju_types::UnitName;

use crate::fault::Fault;
use crate::operation::{Exit, Operation, OperationKind};

/// A moment of a scenario at which something goes wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct KillPoint {
    /// The number of the operation in the whole run, counted from 1.
    pub operation: usize,
    /// Whose operation it is.
    pub unit: UnitName,
    /// What is run.
    pub kind: OperationKind,
    /// What goes wrong.
    pub fault: Fault,
}

impl KillPoint {
    /// Returns all kill points of an operation that has run undisturbed.
    pub(crate) fn all_of(number: usize, ran: &Operation) -> impl Iterator<Item = Self> {
        let calls = 1..=ran.calls.len();
        let mut faults: Vec<Fault> =
            calls.flat_map(|call| [Fault::KillAtCall(call), Fault::KillAfterCall(call)]).collect();
        match ran.exit {
            Exit::Code(0) => faults.extend([Fault::KillAtExit, Fault::FailFlush]),
            Exit::Code(_) => faults.push(Fault::KillAtExit),
            _ => {}
        }
        let (unit, kind) = (ran.unit.clone(), ran.kind.clone());
        let of =
            move |fault| Self { operation: number, unit: unit.clone(), kind: kind.clone(), fault };
        faults.into_iter().map(of)
    }

    /// Tells whether it has come in a run.
    pub(crate) fn has_struck(&self, operations: &[Operation]) -> bool {
        operations.get(self.operation - 1).is_some_and(|ran| {
            ran.unit == self.unit && ran.kind == self.kind && ran.faults.contains(&self.fault)
        })
    }
}

impl fmt::Display for KillPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, unit, kind, fault } = self;
        write!(f, "operation {operation}, {unit} {kind}, {fault}")
    }
}
