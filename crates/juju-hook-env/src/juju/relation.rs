//! Relations.

use juju_types::{ApplicationName, EndpointName, Event, ModelUuid, RelationId, UnitName};
use serde::Deserialize;

use super::Juju;
use crate::error::ToolError;
use crate::json_text::Text;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of relations, apart from their data.
#[derive(Debug, Default)]
pub(super) struct Memos {
    applications: Memo<RelationId, ApplicationName>,
    ids: Memo<EndpointName, Vec<RelationId>>,
    models: Memo<RelationId, ModelUuid>,
    units: Memo<RelationId, Vec<UnitName>>,
}

impl Juju {
    /// Returns the relations of an endpoint, by number. One whose
    /// `relation-broken` hook is running is left out, in every version of Juju.
    ///
    /// Wraps the hook tool [`relation-ids`]. It is asked once in a hook for
    /// each endpoint. Juju answers an endpoint that the charm does not have
    /// with no relations.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`relation-ids`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-ids/
    pub fn relation_ids(&self, endpoint: &EndpointName) -> Result<Vec<RelationId>, ToolError> {
        self.relation.ids.get_or_ask(endpoint, || {
            let args = ["--format=json", endpoint.as_str()];
            let call = ToolCall::new(HookTool::RelationIds, args);
            let ids: Option<Vec<RelationId>> = self.ask_json(&call, "a list of relation ids")?;
            let mut ids = ids.unwrap_or_default();
            if let Some(Event::RelationBroken(broken)) = self.env.event() {
                // Juju 3.4.4 and later leaves it out by itself.
                ids.retain(|id| *id != broken.id);
            }
            // Juju puts `db:10` before `db:2`.
            ids.sort();
            Ok(ids)
        })
    }

    /// Returns the remote units of a relation, in order; in a peer relation
    /// the other units of this application.
    ///
    /// Wraps the hook tool [`relation-list`]. It is asked once in a hook for
    /// each relation. Juju goes by the number of the relation alone: it does
    /// not check that the relation belongs to the endpoint in `relation`.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such relation.
    ///
    /// [`relation-list`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-list/
    pub fn relation_list(&self, relation: &RelationId) -> Result<Vec<UnitName>, ToolError> {
        self.relation.units.get_or_ask(relation, || {
            let call = call(HookTool::RelationList, relation, &["--format=json"]);
            let units: Option<Vec<UnitName>> = self.ask_json(&call, "a list of units")?;
            let mut units = units.unwrap_or_default();
            // Juju puts `db/10` before `db/2`.
            units.sort();
            Ok(units)
        })
    }

    /// Returns the remote application of a relation; in a peer relation this
    /// one.
    ///
    /// Wraps the hook tool [`relation-list`]. It is asked once in a hook for
    /// each relation.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such relation.
    ///
    /// [`relation-list`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-list/
    pub fn relation_list_app(&self, relation: &RelationId) -> Result<ApplicationName, ToolError> {
        self.relation.applications.get_or_ask(relation, || {
            let call = call(HookTool::RelationList, relation, &["--app", "--format=json"]);
            self.ask_json(&call, "an application").map(|Text(application)| application)
        })
    }

    /// Returns the model that the other side of a relation lives in.
    ///
    /// Wraps the hook tool [`relation-model-get`]. It is asked once in a hook
    /// for each relation.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInThisVersion`] before Juju 3.6.2, and
    /// [`ToolError::NotFound`] if there is no such relation.
    ///
    /// [`relation-model-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/relation-model-get/
    pub fn relation_model_get(&self, relation: &RelationId) -> Result<ModelUuid, ToolError> {
        self.relation.models.get_or_ask(relation, || {
            let call = call(HookTool::RelationModelGet, relation, &["--format=json"]);
            let model: ModelJson = self.ask_json(&call, "an object with a model's uuid")?;
            Ok(model.uuid)
        })
    }
}

/// Describes a call about one relation.
pub(super) fn call(tool: HookTool, relation: &RelationId, args: &[&str]) -> ToolCall {
    let relation = relation.to_string();
    ToolCall::new(tool, [&["-r", &relation], args].concat())
}

#[derive(Deserialize)]
struct ModelJson {
    uuid: ModelUuid,
}
