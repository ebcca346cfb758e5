//! The actions of a charm.

use std::collections::BTreeMap;

use crate::ActionName;
use crate::charm::action_definition::ActionDefinition;
use crate::charm::reserved::refuse_reserved;
use crate::charm::spot::Spot;

/// The actions that users can run, as `actions.yaml` or the key `actions` of
/// `charmcraft.yaml` defines them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CharmActions {
    actions: BTreeMap<ActionName, ActionDefinition>,
}

impl CharmActions {
    /// Returns the action called `name`.
    pub fn get(&self, name: &ActionName) -> Option<&ActionDefinition> {
        self.actions.get(name)
    }

    /// Returns the actions and their names, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&ActionName, &ActionDefinition)> {
        self.actions.iter()
    }

    /// Reads the actions of the charm called `charm_name`.
    pub(super) fn read(spot: &Spot<'_>, charm_name: &str) -> Self {
        if spot.is_null() {
            return Self::default();
        }
        if let Some(fields) = spot.fields() {
            for (name, spot) in fields.iter() {
                refuse_reserved(&spot, "action", name, charm_name);
            }
        }
        Self { actions: spot.named(ActionDefinition::read) }
    }
}
