//! The action that runs.

use juju_types::ActionName;

/// The action that runs: its name, and which run of it this is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ActionContext {
    /// The name in the charm's `actions.yaml`, or `juju-exec` when a user has
    /// a command run (`juju exec`).
    pub name: ActionName,
    /// The id of the task, a number as text (a UUID before Juju 2.8).
    pub id: String,
    /// The tag of the task, such as `action-7`.
    pub tag: String,
}

impl ActionContext {
    /// Describes the task `id` of the action `name`.
    pub fn new(name: ActionName, id: impl Into<String>) -> Self {
        let id = id.into();
        Self { name, tag: format!("action-{id}"), id }
    }
}
