use std::error::Error;
use std::fmt;

use crate::kill_point::KillPoint;
use crate::operation::Operation;

/// Why a scenario does not survive its kill points.
///
/// `Debug` is the same text as `Display`, so that it can be read when a test
/// returns or unwraps it.
#[non_exhaustive]
pub enum KillPointsError {
    /// The scenario or a check has failed at some kill points.
    Broken {
        /// How many kill points were tried.
        points: usize,
        /// Those that have failed, in order.
        failures: Vec<KillPointFailure>,
    },
    /// Nothing was tried: the scenario has no kill points, or all were left out.
    NoPoints,
    /// The scenario or a check fails without anything having gone wrong.
    Undisturbed {
        /// Why.
        reason: String,
        /// What was run.
        operations: Vec<Operation>,
    },
}

/// A kill point at which something has failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KillPointFailure {
    /// The kill point.
    pub point: KillPoint,
    /// What has failed.
    pub reason: String,
    /// What was run then.
    pub operations: Vec<Operation>,
}

impl fmt::Display for KillPointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { points, failures } => {
                write!(
                    f,
                    "the scenario does not survive {} of {points} kill points",
                    failures.len()
                )?;
                for failure in failures {
                    write!(f, "\n\n{}:\n{}", failure.point, failure.reason)?;
                }
                let Some(KillPointFailure { point, operations, .. }) = failures.first() else {
                    return Ok(());
                };
                let KillPoint { operation, fault, .. } = point;
                write!(f, "\n\nthe first again, alone: .only({operation}, Fault::{fault:?})\n")?;
                write_operations(f, operations)
            }
            Self::NoPoints => f.write_str("the scenario has no kill points, or all are left out"),
            Self::Undisturbed { reason, operations } => {
                writeln!(f, "the scenario fails although nothing has gone wrong:\n{reason}\n")?;
                write_operations(f, operations)
            }
        }
    }
}

fn write_operations(f: &mut fmt::Formatter<'_>, operations: &[Operation]) -> fmt::Result {
    for (number, operation) in (1..).zip(operations) {
        for (index, line) in operation.to_string().lines().enumerate() {
            match index {
                0 => writeln!(f, "{number:>3} {line}")?,
                _ => writeln!(f, "    {line}")?,
            }
        }
    }
    Ok(())
}

impl fmt::Debug for KillPointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for KillPointsError {}
