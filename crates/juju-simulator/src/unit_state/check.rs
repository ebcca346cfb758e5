//! Whether Juju could produce a state.

mod event;
mod relations;
mod secrets;

use std::collections::BTreeMap;

use juju_types::{
    ActionName, Charm, ConfigOption, ConfigType, EndpointName, Event, JujuVersion, PortRange,
    ResourceKind, ResourceName, StatusValue, StorageName,
};
use serde_json::Value;

use super::UnitState;
use super::file::{Port, Status};
use crate::model::complete_params;
use crate::state_faults::StateFaults;

impl UnitState {
    /// Checks that a Juju of this version could bring a unit of this charm into
    /// this state.
    ///
    /// ```
    /// use juju_simulator::{RelationState, UnitState};
    /// use juju_types::{Charm, CharmFiles, JujuVersion};
    ///
    /// let mut files = CharmFiles::default();
    /// files.metadata = Some("{name: web, summary: s, description: d}".to_owned());
    /// let charm = Charm::from_files(&files)?;
    /// let state = UnitState::new("web/0")
    ///     .with_config("port", 80)
    ///     .with_relation(RelationState::new("db:7", "sql"));
    /// let faults = state.check(&charm, &JujuVersion::new(3, 6, 28)).unwrap_err();
    /// assert_eq!(
    ///     faults.to_string(),
    ///     "\
    /// Juju could not produce this:
    /// - config: the charm `web` has no option `port`
    /// - relation db:7: the charm `web` has no endpoint `db`"
    /// );
    /// # Ok::<(), juju_types::CharmFaults>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns all faults at once.
    pub fn check(&self, charm: &Charm, version: &JujuVersion) -> Result<(), StateFaults> {
        let mut check = Check::new(self, charm, version);
        check.config();
        check.relations();
        check.secrets();
        check.storage();
        check.resources();
        check.ports();
        check.bindings();
        check.statuses();
        check.other_units();
        check.leader_settings();
        check.last_action();
        StateFaults::none_of(check.faults)
    }

    /// Checks that a Juju of this version could run an event in this state,
    /// which is itself taken to be in order.
    ///
    /// # Errors
    ///
    /// Returns all faults at once.
    pub fn check_event(
        &self,
        event: &Event,
        charm: &Charm,
        version: &JujuVersion,
    ) -> Result<(), StateFaults> {
        let mut check = Check::new(self, charm, version);
        check.event(event);
        StateFaults::none_of(check.faults)
    }

    /// Checks that Juju would start an action with these parameters.
    pub(crate) fn check_action(
        &self,
        action: &str,
        params: &Value,
        charm: &Charm,
        version: &JujuVersion,
    ) -> Result<(), StateFaults> {
        let mut check = Check::new(self, charm, version);
        check.action(action, params);
        StateFaults::none_of(check.faults)
    }
}

/// Collects faults; each method looks at one part.
struct Check<'a> {
    state: &'a UnitState,
    charm: &'a Charm,
    version: &'a JujuVersion,
    faults: Vec<String>,
}

impl<'a> Check<'a> {
    fn new(state: &'a UnitState, charm: &'a Charm, version: &'a JujuVersion) -> Self {
        Self { state, charm, version, faults: Vec::new() }
    }

    fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// Reports that the charm does not define something.
    fn undefined(&mut self, place: &str, what: &str, name: &str) {
        self.fault(format!("{place}: the charm `{}` has no {what} `{name}`", self.charm.name()));
    }

    fn config(&mut self) {
        for (name, value) in &self.state.0.config {
            let Some(option) = self.charm.config().option(name) else {
                self.undefined("config", "option", name);
                continue;
            };
            if value.is_null() {
                if option.default.is_some() {
                    self.fault(format!(
                        "config: the option `{name}` has a default, and so always a value"
                    ));
                }
            } else if !fits(value, option) {
                let kind = option.kind;
                self.fault(format!(
                    "config: the option `{name}` is of type {kind}, and {value} is not"
                ));
            }
        }
        let has_secret_option =
            self.charm.config().options().any(|(_, option)| option.kind == ConfigType::Secret);
        if has_secret_option && !self.version.has_secret_options() {
            let version = self.version;
            self.fault(format!("config: Juju {version} has no options of type secret"));
        }
    }

    fn storage(&mut self) {
        let state = &self.state.0;
        let mut counts: BTreeMap<&StorageName, u32> = BTreeMap::new();
        let mut numbers: BTreeMap<u32, String> = BTreeMap::new();
        for storage in &state.storage {
            let id = storage.id();
            *counts.entry(id.name()).or_default() += 1;
            if let Some(other) = numbers.insert(id.number(), id.to_string()) {
                self.fault(format!(
                    "storage {id}: {other} has the same number, which is unique in a model"
                ));
            }
            match self.charm.metadata().storage.get(id.name()) {
                None => self.undefined(&format!("storage {id}"), "storage", id.name().as_str()),
                Some(defined) => {
                    let kind = defined.kind.as_str();
                    if storage.kind().is_some_and(|stated| stated != defined.kind) {
                        self.fault(format!("storage {id}: the charm defines it as {kind}"));
                    }
                }
            }
        }
        for added in &state.storage_added {
            let name = added.name.as_str();
            if !self.charm.metadata().storage.contains_key(&added.name) {
                self.undefined("storage that was added", "storage", name);
            }
        }
        // Without any that is stated, the unit gets what it needs.
        if state.storage.is_empty() {
            return;
        }
        for (name, defined) in &self.charm.metadata().storage {
            let count = counts.get(name).copied().unwrap_or_default();
            let (minimum, maximum) = (defined.count.minimum, defined.count.maximum);
            if count < minimum {
                self.fault(format!(
                    "storage {name}: the charm wants at least {minimum}, not {count}"
                ));
            }
            if let Some(maximum) = maximum.filter(|maximum| count > *maximum) {
                self.fault(format!(
                    "storage {name}: the charm wants at most {maximum}, not {count}"
                ));
            }
        }
    }

    fn resources(&mut self) {
        for (name, resource) in &self.state.0.resources {
            let parsed = name.parse::<ResourceName>().ok();
            let defined = parsed.and_then(|name| self.charm.metadata().resources.get(&name));
            let Some(defined) = defined else {
                self.undefined("resources", "resource", name);
                continue;
            };
            let (kind, file) = match &defined.kind {
                ResourceKind::File { filename } => ("file", Some(filename)),
                _ => ("oci-image", None),
            };
            if resource.kind.as_ref().is_some_and(|stated| stated != kind) {
                self.fault(format!("resource {name}: the charm defines it as {kind}"));
            }
            if let (Some(stated), Some(file)) = (&resource.path, file)
                && stated != file
            {
                self.fault(format!("resource {name}: the charm calls the file `{file}`"));
            }
        }
    }

    fn ports(&mut self) {
        let mut ranges: Vec<PortRange> = Vec::new();
        for port in &self.state.0.opened_ports {
            let Port { endpoint, protocol, from, to } = port;
            let Some((range, _)) = port.read() else {
                self.fault(format!("ports: {from}-{to}/{protocol} is no range of ports"));
                continue;
            };
            if range.ports().is_some_and(|ports| *ports.start() == 0)
                && !self.version.has_port_zero()
            {
                let version = self.version;
                self.fault(format!("ports: {range}: Juju {version} opens no port 0"));
            }
            let clash = ranges.iter().find(|other| **other != range && other.overlaps(&range));
            if let Some(other) = clash.copied() {
                self.fault(format!("ports: {range} overlaps with {other}"));
            }
            ranges.push(range);
            if !endpoint.is_empty() && !self.is_binding(endpoint) {
                self.undefined(&format!("ports: {range}"), "endpoint", endpoint);
            }
        }
    }

    fn bindings(&mut self) {
        let names: Vec<&String> = self.state.0.network.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            if !self.is_binding(name) {
                self.undefined("network", "endpoint or extra binding", name);
            }
        }
    }

    fn is_binding(&self, name: &str) -> bool {
        let metadata = self.charm.metadata();
        let name: Option<EndpointName> = name.parse().ok();
        name.is_some_and(|name| {
            name.as_str() == "juju-info"
                || metadata.endpoint(&name).is_some()
                || metadata.extra_bindings.contains(&name)
        })
    }

    fn statuses(&mut self) {
        let state = &self.state.0;
        self.status("status", state.unit_status.as_ref());
        self.status("application status", state.app_status.as_ref());
        for (unit, status) in &state.app_units {
            if let StatusValue::Other(word) = &status.status {
                self.fault(format!("unit {unit}: Juju knows no status `{word}`"));
            }
        }
    }

    fn status(&mut self, place: &str, status: Option<&Status>) {
        let Some(Status { status, message }) = status else { return };
        match status {
            StatusValue::Set(_) => {}
            StatusValue::Unknown | StatusValue::Unset if message.is_empty() => {}
            StatusValue::Unknown | StatusValue::Unset => {
                self.fault(format!("{place}: `{status}` has no message: a charm cannot set it"));
            }
            _ => self.fault(format!("{place}: a charm cannot set `{status}`")),
        }
    }

    fn other_units(&mut self) {
        let own = self.state.unit();
        for unit in self.state.0.app_units.keys() {
            if unit == own {
                self.fault(format!("unit {unit}: it is the unit itself, and no other one"));
            } else if unit.application() != own.application() {
                let application = own.application();
                self.fault(format!(
                    "unit {unit}: it is no unit of the application `{application}`"
                ));
            }
        }
    }

    fn leader_settings(&mut self) {
        if !self.state.0.leader_settings.is_empty() && !self.version.has_leader_settings() {
            self.fault(format!("leader settings: Juju {} has none", self.version));
        }
    }

    fn action(&mut self, action: &str, params: &Value) {
        let name: Option<ActionName> = action.parse().ok();
        let Some(definition) = name.and_then(|name| self.charm.actions().get(&name)) else {
            self.undefined("action", "action", action);
            return;
        };
        let additional = !self.version.refuses_undeclared_parameters();
        if let Err(reason) = complete_params(definition, params.clone(), additional) {
            self.fault(format!("action {action}: {reason}"));
        }
    }

    fn last_action(&mut self) {
        let Some(action) = &self.state.0.action else { return };
        self.action(&action.name, &Value::Object(action.params.clone()));
        if action.id.parse::<u32>().is_err() {
            self.fault(format!("action {}: `{}` is no id of a task", action.name, action.id));
        }
    }
}

fn fits(value: &Value, option: &ConfigOption) -> bool {
    match option.kind {
        ConfigType::Boolean => value.is_boolean(),
        ConfigType::Float => value.is_number(),
        ConfigType::Int => value.is_i64(),
        ConfigType::Secret => {
            value.as_str().is_some_and(|uri| uri.is_empty() || uri.starts_with("secret:"))
        }
        ConfigType::String => value.is_string(),
    }
}
