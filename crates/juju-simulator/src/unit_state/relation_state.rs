use std::collections::BTreeMap;

use juju_types::{
    ApplicationName, EndpointDefinition, EndpointName, InterfaceName, ModelUuid, RelationId,
    RelationRole, RelationScope, UnitName,
};
use serde::{Deserialize, Serialize};

use crate::model::{DataBag, Life, Model, Relation, RelationEnd, StatusRecord};
use crate::stated::stated;

pub(super) type Settings = BTreeMap<String, String>;

/// A relation, as one unit sees it.
///
/// ```
/// use juju_simulator::RelationState;
///
/// let relation = RelationState::new("db:7", "sql")
///     .with_unit("sql/0", [("host", "db1"), ("port", "5432")])
///     .with_application_data([("version", "14")]);
/// assert_eq!(relation.unit_data("sql/0").unwrap()["host"], "db1");
/// ```
///
/// Role and interface are those that the charm defines. The addresses that
/// Juju publishes for each unit by itself are there only if they are stated.
///
/// # Panics
///
/// The methods that take a name or an id as text panic, at the caller's line,
/// if it is none.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RelationState {
    pub(super) id: u32,
    pub(super) endpoint: EndpointName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<RelationRole>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) interface: Option<InterfaceName>,
    #[serde(default)]
    key: String,
    pub(super) remote_app: Option<ApplicationName>,
    pub(super) remote_endpoint: Option<EndpointName>,
    remote_model_uuid: Option<ModelUuid>,
    #[serde(default)]
    life: String,
    #[serde(default)]
    status: String,
    /// The remote units that are there, if those who have left are known, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) members: Option<Vec<UnitName>>,
    #[serde(default)]
    pub(super) remote_units: BTreeMap<UnitName, Settings>,
    #[serde(default)]
    pub(super) remote_app_data: Settings,
    #[serde(default)]
    pub(super) local_unit_data: Settings,
    #[serde(default)]
    pub(super) local_app_data: Settings,
}

impl RelationState {
    /// Relates the unit to another application: the relation's id with the
    /// unit's own endpoint, such as `db:7`, and the application.
    ///
    /// # Panics
    ///
    /// Panics if the id does not name the endpoint, or if a name is none.
    #[track_caller]
    pub fn new(id: &str, application: &str) -> Self {
        let application = stated(application);
        Self { remote_app: Some(application), ..Self::peers(id) }
    }

    /// Relates the unit to the other units of its application.
    ///
    /// # Panics
    ///
    /// Panics if the id does not name the endpoint.
    #[track_caller]
    pub fn peers(id: &str) -> Self {
        let text = id;
        let id: RelationId = stated(text);
        let Some(endpoint) = id.endpoint().cloned() else {
            panic!("invalid relation id `{text}`: here it must name the endpoint, too");
        };
        Self {
            id: id.number(),
            endpoint,
            role: None,
            interface: None,
            key: String::new(),
            remote_app: None,
            remote_endpoint: None,
            remote_model_uuid: None,
            life: String::new(),
            status: String::new(),
            members: None,
            remote_units: BTreeMap::new(),
            remote_app_data: Settings::new(),
            local_unit_data: Settings::new(),
            local_app_data: Settings::new(),
        }
    }

    /// Adds a remote unit with what it publishes, in place of the former if it
    /// is there already.
    #[must_use]
    #[track_caller]
    pub fn with_unit<K: Into<String>, V: Into<String>>(
        mut self,
        unit: &str,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let unit: UnitName = stated(unit);
        if let Some(members) = self.members.as_mut().filter(|members| !members.contains(&unit)) {
            members.push(unit.clone());
        }
        self.remote_units.insert(unit, settings(data));
        self
    }

    /// Has a remote unit leave; what it has published can still be read.
    #[must_use]
    #[track_caller]
    pub fn without_unit(mut self, unit: &str) -> Self {
        let unit: UnitName = stated(unit);
        let members: Vec<UnitName> =
            self.units().filter(|member| **member != unit).cloned().collect();
        self.members = Some(members);
        self
    }

    /// Says what the remote application publishes.
    #[must_use]
    pub fn with_application_data<K: Into<String>, V: Into<String>>(
        self,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { remote_app_data: settings(data), ..self }
    }

    /// Says what the unit itself has published.
    #[must_use]
    pub fn with_own_data<K: Into<String>, V: Into<String>>(
        self,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { local_unit_data: settings(data), ..self }
    }

    /// Says what the leader of the unit's application has published.
    #[must_use]
    pub fn with_own_application_data<K: Into<String>, V: Into<String>>(
        self,
        data: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self { local_app_data: settings(data), ..self }
    }

    /// Returns the id, with the unit's own endpoint.
    pub fn id(&self) -> RelationId {
        RelationId::new(self.endpoint.clone(), self.id)
    }

    /// Returns the remote application; for peers it may be missing.
    pub fn application(&self) -> Option<&ApplicationName> {
        self.remote_app.as_ref()
    }

    /// Returns the remote units that are there.
    pub fn units(&self) -> impl Iterator<Item = &UnitName> {
        let is_member =
            |unit: &&UnitName| self.members.as_ref().is_none_or(|members| members.contains(unit));
        self.remote_units.keys().filter(is_member)
    }

    /// Returns what a remote unit publishes, also after it has left.
    pub fn unit_data(&self, unit: &str) -> Option<&BTreeMap<String, String>> {
        self.remote_units.iter().find(|(name, _)| name.to_string() == unit).map(|(_, data)| data)
    }

    /// Returns what the remote application publishes.
    pub fn application_data(&self) -> &BTreeMap<String, String> {
        &self.remote_app_data
    }

    /// Returns what the unit itself publishes.
    pub fn own_data(&self) -> &BTreeMap<String, String> {
        &self.local_unit_data
    }

    /// Returns what the leader of the unit's application publishes.
    pub fn own_application_data(&self) -> &BTreeMap<String, String> {
        &self.local_app_data
    }

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
            role: Some(end.role),
            interface: Some(end.interface.clone()),
            key: relation.key(),
            remote_app: Some(remote.clone()),
            remote_endpoint: relation.endpoint_of(remote).cloned(),
            life: if relation.life == Life::Alive { "alive" } else { "dying" }.to_owned(),
            remote_model_uuid: Some(model.uuid),
            status: relation.status.text.value.to_string(),
            members: Some(relation.remote_members(unit).cloned().collect()),
            remote_units: remote_units.map(|unit| (unit.clone(), unit_data(unit))).collect(),
            remote_app_data: if relation.is_peer() { Settings::new() } else { app_data(remote) },
            local_unit_data: unit_data(unit),
            local_app_data: app_data(own),
        })
    }

    pub(super) fn to_relation(
        &self,
        unit: &UnitName,
        defined: Option<&EndpointDefinition>,
        status: StatusRecord,
    ) -> Relation {
        let own = unit.application();
        let interface = self.interface.clone().or(defined.map(|defined| defined.interface.clone()));
        let interface = interface.unwrap_or_else(unknown_interface);
        let end = |application: &ApplicationName, endpoint: &EndpointName, role| RelationEnd {
            application: application.clone(),
            endpoint: endpoint.clone(),
            interface: interface.clone(),
            role,
        };
        let role = self.role_in(defined);
        let mut ends = vec![end(own, &self.endpoint, role)];
        let remote = self.remote_app.as_ref().filter(|_| role != RelationRole::Peer);
        if let Some(remote) = remote {
            let role = match role {
                RelationRole::Requirer => RelationRole::Provider,
                _ => RelationRole::Requirer,
            };
            ends.push(end(remote, self.remote_endpoint.as_ref().unwrap_or(&self.endpoint), role));
        }
        let scope = defined.map_or(RelationScope::Global, |defined| defined.scope);
        let mut relation = Relation::new(self.id, scope, ends, status);
        let units = self.remote_units.iter().chain([(unit, &self.local_unit_data)]);
        let bags = units.map(|(unit, data)| (unit.clone(), DataBag::new(data.clone())));
        relation.units = bags.collect();
        // Those who have left have data all the same. In a container scope, all
        // that the unit sees is on its own machine.
        let beside = |name: &UnitName| {
            if scope == RelationScope::Global { name.clone() } else { unit.clone() }
        };
        let members = self.units().chain([unit]);
        relation.members = members.map(|name| (name.clone(), beside(name))).collect();
        for (application, data) in
            [(remote, &self.remote_app_data), (Some(own), &self.local_app_data)]
        {
            if let Some(application) = application {
                relation.applications.insert(application.clone(), DataBag::new(data.clone()));
            }
        }
        if self.life == "dying" {
            relation.life = Life::Dying;
        }
        relation
    }

    /// Returns the role that is stated, or else that of the charm's definition.
    pub(super) fn role_in(&self, defined: Option<&EndpointDefinition>) -> RelationRole {
        let assumed = match self.remote_app {
            Some(_) => RelationRole::Requirer,
            None => RelationRole::Peer,
        };
        self.role.or(defined.map(|defined| defined.role)).unwrap_or(assumed)
    }
}

pub(super) fn settings<K: Into<String>, V: Into<String>>(
    data: impl IntoIterator<Item = (K, V)>,
) -> Settings {
    data.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}

/// The interface of a relation of which nobody says it.
fn unknown_interface() -> InterfaceName {
    "unknown".parse().expect("it is an interface name")
}
