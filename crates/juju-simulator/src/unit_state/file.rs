//! The JSON of a unit's state.

use std::collections::{BTreeMap, BTreeSet};

use juju_types::{
    ConfigValue, EndpointName, MachineId, ModelName, ModelUuid, PortRange, StatusValue, UnitName,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::relation_state::RelationState;
use super::resource_state::ResourceState;
use super::secret_state::SecretState;
use super::storage_state::{StorageAdded, StorageState};
use crate::model::{Model, NetworkInfo, OpenedPorts, StatusRecord};
use crate::status_text::StatusText;

/// The keys of the JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct File {
    pub(super) unit: UnitName,
    pub(super) model_name: Option<ModelName>,
    pub(super) model_uuid: Option<ModelUuid>,
    pub(super) machine_id: Option<MachineId>,
    pub(super) public_address: Option<String>,
    pub(super) private_address: Option<String>,
    #[serde(default)]
    pub(super) leader: bool,
    #[serde(default)]
    pub(super) leader_settings: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) config: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) relations: Vec<RelationState>,
    #[serde(default)]
    pub(super) secrets: Vec<SecretState>,
    #[serde(default)]
    pub(super) storage: Vec<StorageState>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) storage_added: Vec<StorageAdded>,
    #[serde(default)]
    pub(super) resources: BTreeMap<String, ResourceState>,
    pub(super) goal_state: Option<Value>,
    pub(super) network: Option<BTreeMap<String, NetworkInfo>>,
    #[serde(default)]
    pub(super) opened_ports: Vec<Port>,
    pub(super) unit_status: Option<Status>,
    pub(super) app_status: Option<Status>,
    #[serde(default)]
    pub(super) app_units: BTreeMap<UnitName, Status>,
    #[serde(default)]
    pub(super) workload_version: String,
    #[serde(default)]
    pub(super) charm_state: BTreeMap<String, String>,
    pub(super) action: Option<Action>,
    /// The options that have their default, as far as that is known.
    #[serde(skip)]
    pub(super) defaults: BTreeSet<String>,
}

impl File {
    pub(super) fn new(unit: UnitName) -> Self {
        Self {
            unit,
            model_name: None,
            model_uuid: None,
            machine_id: None,
            public_address: None,
            private_address: None,
            leader: false,
            leader_settings: BTreeMap::new(),
            config: BTreeMap::new(),
            relations: Vec::new(),
            secrets: Vec::new(),
            storage: Vec::new(),
            storage_added: Vec::new(),
            resources: BTreeMap::new(),
            goal_state: None,
            network: None,
            opened_ports: Vec::new(),
            unit_status: None,
            app_status: None,
            app_units: BTreeMap::new(),
            workload_version: String::new(),
            charm_state: BTreeMap::new(),
            action: None,
            defaults: BTreeSet::new(),
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Status {
    pub(super) status: StatusValue,
    #[serde(default)]
    pub(super) message: String,
}

impl Status {
    pub(super) fn of(text: &StatusText) -> Self {
        Self { status: text.value.clone(), message: text.message.clone() }
    }

    pub(super) fn text(&self) -> StatusText {
        StatusText::new(self.status.clone(), self.message.clone())
    }

    pub(super) fn record(&self, model: &Model) -> StatusRecord {
        model.status(self.status.clone(), &self.message)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Port {
    pub(super) endpoint: String,
    pub(super) protocol: String,
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Port {
    pub(super) fn new(range: PortRange, endpoint: Option<&EndpointName>) -> Self {
        let bounds = range.ports();
        let bounds =
            bounds.map_or((-1, -1), |ports| ((*ports.start()).into(), (*ports.end()).into()));
        Self {
            endpoint: endpoint.map(ToString::to_string).unwrap_or_default(),
            protocol: range.protocol().to_string(),
            from: bounds.0,
            to: bounds.1,
        }
    }

    pub(super) fn read(&self) -> Option<(PortRange, Option<EndpointName>)> {
        let range = match self.protocol.as_str() {
            "icmp" => PortRange::icmp(),
            protocol => format!("{}-{}/{protocol}", self.from, self.to).parse().ok()?,
        };
        Some((range, self.endpoint.parse().ok()))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) id: String,
    #[serde(default)]
    pub(super) params: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) results: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<Vec<String>>,
}

/// Writes the ports that are open.
pub(super) fn port_list(ports: &OpenedPorts) -> Vec<Port> {
    let ports = ports.iter().flat_map(|(range, endpoints)| {
        endpoints.iter().map(move |endpoint| Port::new(range, endpoint.as_ref()))
    });
    ports.collect()
}

/// Reads the value of a config option; its type follows from it.
pub(super) fn config_from_json(value: &Value) -> Option<ConfigValue> {
    match value {
        Value::Bool(truth) => Some(ConfigValue::Boolean(*truth)),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Some(ConfigValue::Int(number)),
            None => number.as_f64().map(ConfigValue::Float),
        },
        Value::String(text) => Some(ConfigValue::String(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Writes the value of a config option.
pub(super) fn config_to_json(value: ConfigValue) -> Value {
    match value {
        ConfigValue::Boolean(truth) => truth.into(),
        ConfigValue::Float(number) => number.into(),
        ConfigValue::Int(number) => number.into(),
        ConfigValue::Secret(text) | ConfigValue::String(text) => text.into(),
    }
}
