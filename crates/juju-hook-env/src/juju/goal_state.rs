//! What is to come.

use std::collections::BTreeMap;

use jiff::Timestamp;
use juju_types::{ApplicationName, EndpointName, StatusValue, UnitName};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::Juju;
use crate::error::ToolError;
use crate::json_text::OptionalText;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of the goal state: all of it.
#[derive(Debug, Default)]
pub(super) struct Memos {
    all: Memo<(), GoalState>,
}

/// The units and relations that the user has asked for, also those that are
/// still to come.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct GoalState {
    /// The units of this application, this one among them.
    pub units: BTreeMap<UnitName, Goal>,
    /// What is at the other end of the relations of each endpoint.
    pub relations: BTreeMap<EndpointName, RelationGoals>,
}

/// What is to be at the other end of the relations of one endpoint.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct RelationGoals {
    /// The applications; their status is that of the relation.
    pub applications: BTreeMap<ApplicationName, Goal>,
    /// Their units.
    pub units: BTreeMap<UnitName, Goal>,
}

/// How far something has come.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Goal {
    /// The status it has.
    pub status: StatusValue,
    /// Since when it has that status.
    pub since: Option<Timestamp>,
}

impl Goal {
    /// Describes something that has had `status` for a time that is not known.
    pub fn new(status: impl Into<StatusValue>) -> Self {
        Self { status: status.into(), since: None }
    }
}

impl Juju {
    /// Returns the units and relations that the user has asked for, also those
    /// that are still to come.
    ///
    /// Wraps the hook tool [`goal-state`]. It is asked once in a hook.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`goal-state`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/goal-state/
    pub fn goal_state(&self) -> Result<GoalState, ToolError> {
        self.goal_state.all.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::GoalState, ["--format=json"]);
            let GoalStateJson { units, relations } =
                self.ask_json(&call, "an object of units and relations")?;
            let units = units.unwrap_or_default().into_iter();
            let relations = relations.unwrap_or_default().into_iter();
            Ok(GoalState {
                units: units.map(|(unit, goal)| (unit, goal.into())).collect(),
                relations: relations
                    .map(|(endpoint, RelationGoalsJson(goals))| (endpoint, goals))
                    .collect(),
            })
        })
    }
}

#[derive(Deserialize)]
struct GoalStateJson {
    units: Option<BTreeMap<UnitName, GoalJson>>,
    relations: Option<BTreeMap<EndpointName, RelationGoalsJson>>,
}

#[derive(Deserialize)]
struct GoalJson {
    #[serde(default = "unknown")]
    status: StatusValue,
    // Juju puts a blank where RFC 3339 has a `T`; jiff reads both.
    #[serde(default)]
    since: OptionalText<Timestamp>,
}

fn unknown() -> StatusValue {
    StatusValue::Unknown
}

impl From<GoalJson> for Goal {
    fn from(GoalJson { status, since }: GoalJson) -> Self {
        Self { status, since: since.0 }
    }
}

/// Units and applications, told apart by the slash in a unit's name.
struct RelationGoalsJson(RelationGoals);

impl<'de> Deserialize<'de> for RelationGoalsJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut goals = RelationGoals::default();
        for (name, goal) in BTreeMap::<String, GoalJson>::deserialize(deserializer)? {
            if name.contains('/') {
                goals.units.insert(name.parse().map_err(Error::custom)?, goal.into());
            } else {
                goals.applications.insert(name.parse().map_err(Error::custom)?, goal.into());
            }
        }
        Ok(Self(goals))
    }
}
