use std::collections::BTreeMap;
use std::path::PathBuf;

use juju_types::{Event, RelationId, StatusKind, UnitName};
use serde_json::{Map, Value};

use super::faults::Faults;
use super::pending::Pending;
use crate::fault::Fault;
use crate::log_line::{LogLevel, LogLine};
use crate::model::{Application, ConfigValues, Model, StatusRecord, Unit};
use crate::operation::OperationKind;
use crate::tool_call::ToolCall;

/// What the hook tools of one operation see and change.
///
/// Some of what a charm changes is kept back until its process has succeeded,
/// and then [flushed](Self::flush) in one step; the rest takes effect at once.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the hook")]
pub(crate) struct HookContext<'m> {
    pub(crate) id: String,
    pub(crate) unit_name: UnitName,
    pub(crate) kind: OperationKind,
    pub(crate) model: &'m mut Model,
    pub(crate) action: Option<ActionData>,
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) log: Vec<LogLine>,
    /// The charm has set a status.
    pub(crate) status_set: bool,
    /// The charm wants the machine rebooted once it has ended.
    pub(crate) reboot: bool,
    /// Where the agent keeps resources.
    pub(crate) resources_dir: PathBuf,
    pub(crate) faults: Faults,
    /// A fault has killed the charm.
    pub(super) is_killed: bool,
    pub(super) pending: Pending,
    /// The config as it was when the operation began: it is fixed for the hook.
    config: ConfigValues,
    /// The unit's status as `status-get` has first read it.
    status_read: Option<StatusRecord>,
    /// The unit was once told that it is not the leader.
    is_no_leader: bool,
}

/// What an action was given and has made so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActionData {
    pub(crate) params: Map<String, Value>,
    pub(crate) results: Map<String, Value>,
    /// What `action-fail` was told.
    pub(crate) failure: Option<String>,
    pub(crate) log: Vec<String>,
}

impl<'m> HookContext<'m> {
    /// Begins an operation of a unit that is in the model.
    pub(crate) fn new(
        model: &'m mut Model,
        unit: UnitName,
        kind: OperationKind,
        action: Option<ActionData>,
        resources_dir: PathBuf,
    ) -> Self {
        let id = format!("{unit}-{kind}-{}", model.ids.hex());
        let config = model.application_of(&unit).config.values();
        Self {
            id,
            unit_name: unit,
            kind,
            model,
            action,
            calls: Vec::new(),
            log: Vec::new(),
            status_set: false,
            reboot: false,
            resources_dir,
            faults: Faults::default(),
            is_killed: false,
            pending: Pending::default(),
            config,
            status_read: None,
            is_no_leader: false,
        }
    }

    pub(crate) fn unit(&self) -> &Unit {
        self.model.unit(&self.unit_name)
    }

    pub(crate) fn application(&self) -> &Application {
        self.model.application_of(&self.unit_name)
    }

    pub(crate) fn config(&self) -> &ConfigValues {
        &self.config
    }

    /// Tells whether the unit is the leader. Once the answer was no, it stays
    /// no for the rest of the hook.
    pub(crate) fn is_leader(&mut self) -> bool {
        self.is_no_leader |= !self.model.is_leader(&self.unit_name);
        !self.is_no_leader
    }

    /// Takes the leadership from the unit if a fault wants that before this call.
    pub(super) fn lose_leadership_at(&mut self, call: usize) {
        if self.model.is_leader(&self.unit_name)
            && self.faults.strike(&Fault::LoseLeadershipAtCall(call))
        {
            self.model.depose(&self.unit_name);
        }
    }

    /// Returns the relation that the hook is about.
    pub(crate) fn hook_relation(&self) -> Option<RelationId> {
        match &self.kind {
            OperationKind::Hook(event) => event.relation().map(|relation| relation.id.clone()),
            OperationKind::Action { .. } => None,
        }
    }

    pub(crate) fn log(&mut self, level: LogLevel, source: &str, message: impl Into<String>) {
        let logger = format!("unit.{}.{source}", self.unit_name);
        self.log.push(LogLine::new(level, logger, message));
    }

    /// Logs a line that the charm has printed.
    pub(crate) fn log_printed(&mut self, level: LogLevel, line: String) {
        let source = self.kind.to_string();
        self.log(level, &source, line);
    }

    /// Returns the unit's status as it was when it was first asked for.
    pub(crate) fn read_status(&mut self) -> StatusRecord {
        let now = &self.model.unit(&self.unit_name).workload;
        self.status_read.get_or_insert_with(|| now.clone()).clone()
    }

    /// Sets the unit's status, at once.
    pub(crate) fn set_status(&mut self, kind: StatusKind, message: &str) {
        let status = self.model.status(kind, message);
        self.model.unit_mut(&self.unit_name).workload = status;
        self.status_set = true;
    }

    /// Sets the application's status, at once.
    pub(crate) fn set_application_status(&mut self, kind: StatusKind, message: &str) {
        let status = self.model.status(kind, message);
        self.model.set_application_status(self.unit_name.application(), status);
    }

    /// Sets the version of the workload, at once.
    pub(crate) fn set_workload_version(&mut self, version: &str) {
        self.model.set_workload_version(self.unit_name.application(), version);
    }

    /// Writes leader settings, at once; an empty value deletes.
    pub(crate) fn set_leader_settings(&mut self, settings: BTreeMap<String, String>) {
        let application = self.model.application_of_mut(&self.unit_name);
        for (key, value) in settings {
            if value.is_empty() {
                application.leader_settings.remove(&key);
            } else {
                application.leader_settings.insert(key, value);
            }
        }
        application.leader_settings_version += 1;
    }

    /// Returns the event of a hook.
    pub(crate) fn event(&self) -> Option<&Event> {
        match &self.kind {
            OperationKind::Hook(event) => Some(event),
            OperationKind::Action { .. } => None,
        }
    }
}
