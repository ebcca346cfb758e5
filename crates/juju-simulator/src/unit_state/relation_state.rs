use std::collections::BTreeMap;

use juju_types::{
    ApplicationName, EndpointName, InterfaceName, ModelUuid, RelationRole, RelationScope, UnitName,
};
use serde::{Deserialize, Serialize};

use crate::model::{DataBag, Life, Model, Relation, RelationEnd};

type Settings = BTreeMap<String, String>;

/// A relation, as one unit sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct RelationState {
    pub(super) id: u32,
    pub(super) endpoint: EndpointName,
    pub(super) role: RelationRole,
    #[serde(default = "unknown_interface")]
    interface: InterfaceName,
    #[serde(default)]
    key: String,
    remote_app: Option<ApplicationName>,
    remote_endpoint: Option<EndpointName>,
    remote_model_uuid: Option<ModelUuid>,
    #[serde(default)]
    life: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    members: Vec<UnitName>,
    #[serde(default)]
    remote_units: BTreeMap<UnitName, Settings>,
    #[serde(default)]
    remote_app_data: Settings,
    #[serde(default)]
    local_unit_data: Settings,
    #[serde(default)]
    local_app_data: Settings,
}

impl RelationState {
    /// Looks at a relation from one of its ends.
    pub(super) fn of(model: &Model, relation: &Relation, unit: &UnitName) -> Option<Self> {
        let own = unit.application();
        let end = relation.end_of(own)?;
        let remote = relation.remote_application(own);
        let unit_data = |unit: &UnitName| -> Settings {
            relation.units.get(unit).map(|bag| bag.settings.clone()).unwrap_or_default()
        };
        let app_data = |name: &ApplicationName| -> Settings {
            relation.applications.get(name).map(|bag| bag.settings.clone()).unwrap_or_default()
        };
        let remote_units =
            relation.units.keys().filter(|other| *other != unit && other.application() == remote);
        Some(Self {
            id: relation.id,
            endpoint: end.endpoint.clone(),
            role: end.role,
            interface: end.interface.clone(),
            key: relation.key(),
            remote_app: Some(remote.clone()),
            remote_endpoint: relation.endpoint_of(remote).cloned(),
            life: if relation.life == Life::Alive { "alive" } else { "dying" }.to_owned(),
            remote_model_uuid: Some(model.uuid),
            status: "joined".to_owned(),
            members: relation.remote_members(unit).cloned().collect(),
            remote_units: remote_units.map(|unit| (unit.clone(), unit_data(unit))).collect(),
            remote_app_data: if relation.is_peer() { Settings::new() } else { app_data(remote) },
            local_unit_data: unit_data(unit),
            local_app_data: app_data(own),
        })
    }

    pub(super) fn to_relation(&self, unit: &UnitName) -> Relation {
        let own = unit.application();
        let end = |application: &ApplicationName, endpoint: &EndpointName, role| RelationEnd {
            application: application.clone(),
            endpoint: endpoint.clone(),
            interface: self.interface.clone(),
            role,
        };
        let mut ends = vec![end(own, &self.endpoint, self.role)];
        let remote = self.remote_app.as_ref().filter(|_| self.role != RelationRole::Peer);
        if let Some(remote) = remote {
            let role = match self.role {
                RelationRole::Requirer => RelationRole::Provider,
                _ => RelationRole::Requirer,
            };
            ends.push(end(remote, self.remote_endpoint.as_ref().unwrap_or(&self.endpoint), role));
        }
        let mut relation = Relation::new(self.id, RelationScope::Global, ends);
        let units = self.remote_units.iter().chain([(unit, &self.local_unit_data)]);
        let bags = units.map(|(unit, data)| (unit.clone(), DataBag::new(data.clone())));
        relation.units = bags.collect();
        // Those who have left have data all the same.
        let is_member = |name: &&UnitName| {
            *name == unit || self.members.is_empty() || self.members.contains(name)
        };
        let members = relation.units.keys().filter(is_member);
        relation.members = members.map(|name| (name.clone(), name.clone())).collect();
        for (application, data) in
            [(remote, &self.remote_app_data), (Some(own), &self.local_app_data)]
        {
            if let Some(application) = application {
                relation.applications.insert(application.clone(), DataBag::new(data.clone()));
            }
        }
        relation
    }
}

/// The interface of a relation whose state does not name one.
fn unknown_interface() -> InterfaceName {
    "unknown".parse().expect("it is an interface name")
}
