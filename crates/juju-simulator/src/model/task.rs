use juju_types::{ActionDefinition, ActionName, UnitName};
use serde_json::{Map, Value, json};

use super::{Model, action_schema, exec_name};
use crate::action_outcome::{ActionOutcome, ActionStatus};

/// An action that a user has asked for.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: u32,
    pub(crate) unit: UnitName,
    pub(crate) name: ActionName,
    /// The parameters, with defaults filled in.
    pub(crate) params: Map<String, Value>,
    /// What came of it, once it has run.
    pub(crate) outcome: Option<ActionOutcome>,
}

impl Model {
    /// Asks a unit to run an action. The error says why the charm has no such action.
    ///
    /// Parameters that do not fit are a failed action which never starts.
    pub(crate) fn add_task(
        &mut self,
        unit: &UnitName,
        action: &str,
        params: Value,
    ) -> Result<u32, NoSuchAction> {
        let actions = self.application_of(unit).charm.actions();
        let name: ActionName = action.parse().map_err(|_| NoSuchAction)?;
        let predefined = (action == exec_name(&self.version)).then(exec_action);
        let definition = actions.get(&name).or(predefined.as_ref()).ok_or(NoSuchAction)?;
        let additional = !self.version.refuses_undeclared_parameters();
        let checked = action_schema::complete(definition, params, additional);

        let id = self.next_task;
        self.next_task += 1;
        let (params, outcome) = match checked {
            Ok(params) => (params, None),
            Err(message) => (Map::new(), Some(never_started(id, message))),
        };
        if outcome.is_none() {
            self.unit_mut(unit).progress.actions.push_back(id);
        }
        self.tasks.insert(id, Task { id, unit: unit.clone(), name, params, outcome });
        Ok(id)
    }
}

/// The charm does not define the action.
#[derive(Debug)]
pub(crate) struct NoSuchAction;

/// Returns the definition of the action that a client's `juju exec` runs.
fn exec_action() -> ActionDefinition {
    let mut definition = ActionDefinition::default();
    for (param, kind) in
        [("command", "string"), ("timeout", "number"), ("workload-context", "boolean")]
    {
        definition.params.insert(param.to_owned(), json!({ "type": kind }));
    }
    definition.required = vec!["command".to_owned(), "timeout".to_owned()];
    definition
}

fn never_started(id: u32, message: String) -> ActionOutcome {
    let (results, log) = (Map::new(), Vec::new());
    ActionOutcome { id, status: ActionStatus::Failed, message, results, log }
}
