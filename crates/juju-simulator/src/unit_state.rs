//! The state of one unit.

mod build;
mod check;
mod facts;
mod file;
mod in_model;
mod read;
mod relation_state;
mod resource_state;
mod secret_state;
mod storage_state;

use std::str::FromStr;

use juju_types::UnitName;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::stated::stated;
use file::File;

pub use relation_state::RelationState;
pub use secret_state::SecretState;
pub use storage_state::StorageState;

/// The state of one unit and of what it sees of its model: what a test states
/// before a hook, and looks at after it.
///
/// [`Simulator::restore`] and [`Simulator::unit`] take one,
/// [`Simulator::unit_state`] and [`SimulatedUnit::state`] give one. It is built
/// with methods, or read from JSON, in which all keys but `unit` can be left
/// out, and what is not known is passed over.
///
/// ```
/// use juju_simulator::{RelationState, UnitState};
/// use juju_types::Status;
///
/// let state = UnitState::new("exporter/0")
///     .with_leadership()
///     .with_config("port", 9100)
///     .with_relation(RelationState::new("db:7", "sql").with_unit("sql/0", [("host", "db1")]))
///     .with_status(Status::active());
/// assert_eq!(
///     state.to_string(),
///     "\
/// exporter/0
/// leader
/// status: active
/// config port: 9100
/// relation db:7: sql
/// relation db:7 sql/0 host: db1
/// "
/// );
///
/// let same: UnitState = serde_json::to_string(&state)?.parse()?;
/// assert_eq!(same, state);
/// let later = state.clone().with_config("port", 9200).with_open_ports("9200");
/// assert_eq!(state.difference(&later), "config port: 9100 -> 9200\n+ port 9200/tcp\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `Display` is the same text every time, for snapshots: a line for each thing
/// that is not as usual, without addresses, folders and the values of secrets.
/// Options that have their default are left out of the state of a unit in a
/// model.
///
/// # Panics
///
/// The methods that begin with `with_` panic, at the caller's line, if a name
/// or an id that they are given is none. Whether Juju could produce the state
/// is asked of [`check`](Self::check).
///
/// [`Simulator::restore`]: crate::Simulator::restore
/// [`Simulator::unit`]: crate::Simulator::unit
/// [`Simulator::unit_state`]: crate::Simulator::unit_state
/// [`SimulatedUnit::state`]: crate::SimulatedUnit::state
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct UnitState(File);

impl UnitState {
    /// Describes a unit of which nothing else is known.
    ///
    /// # Panics
    ///
    /// Panics if `unit` is no name of a unit.
    #[track_caller]
    pub fn new(unit: &str) -> Self {
        Self(File::new(stated(unit)))
    }

    /// Returns the unit.
    pub fn unit(&self) -> &UnitName {
        &self.0.unit
    }
}

/// States are equal if their JSON is.
impl PartialEq for UnitState {
    fn eq(&self, other: &Self) -> bool {
        let json = |state: &Self| serde_json::to_value(state).ok();
        json(self) == json(other)
    }
}

impl FromStr for UnitState {
    type Err = ParseUnitStateError;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json)
            .map_err(|error| ParseUnitStateError { reason: error.to_string() })
    }
}

/// The text is no [`UnitState`]; the message says why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid unit state: {reason}")]
pub struct ParseUnitStateError {
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_the_json_is_wrong() {
        let error = |json: &str| json.parse::<UnitState>().unwrap_err();
        insta::assert_snapshot!(error("{}"), @"invalid unit state: missing field `unit` at line 1 column 2");
        insta::assert_snapshot!(error(r#"{"unit": "app"}"#), @"invalid unit state: invalid unit name `app`: it must be `APPLICATION/NUMBER` at line 1 column 15");
    }
}
