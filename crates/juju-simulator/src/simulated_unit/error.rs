use std::error::Error as _;
use std::fmt;

use juju_types::UnitName;
use thiserror::Error;

use crate::deploy_error::DeployError;
use crate::operation::Operation;
use crate::simulator_error::SimulatorError;
use crate::state_faults::StateFaults;

/// Why a unit could not be made, or has not run what it should.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The charm could not be deployed.
    #[error("cannot deploy the charm")]
    Deploy(#[source] DeployError),
    /// The hook has failed.
    #[error("the hook has failed:\n{0}")]
    Failed(Box<Operation>),
    /// The unit has run remove, its very last hook.
    #[error("the unit {unit} is gone: it has run its last hook, remove")]
    Gone {
        /// The unit.
        unit: UnitName,
    },
    /// Nobody says which charm it is.
    #[error(
        "which charm is it? where the variable `CARGO_MANIFEST_DIR` is not set, \
         `charm_folder` or `charm_files` must say so"
    )]
    NoFiles,
    /// Juju could not produce the state, or not run the event in it.
    #[error(transparent)]
    Refused(#[from] StateFaults),
    /// The simulator cannot work.
    #[error(transparent)]
    Simulator(#[from] SimulatorError),
}

impl UnitError {
    /// Ends the test.
    #[track_caller]
    pub(super) fn panic(&self) -> ! {
        panic!("{}", Chain(self))
    }
}

/// An error with all of its causes.
struct Chain<'a>(&'a UnitError);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
