use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use juju_types::{Event, RelationId, StatusKind, UnitName};
use serde_json::{Map, Value};

use super::faults::Faults;
use super::pending::Pending;
use crate::fault::Fault;
use crate::log_line::{LogLevel, LogLine};
use crate::model::{Application, CommandRelation, ConfigValues, Model, StatusRecord, Unit};
use crate::operation::OperationKind;
use crate::reboot::Reboot;
use crate::tool_call::ToolCall;

/// What the hook tools of one operation see and change.
///
/// Some of what a charm changes is kept back until its process has succeeded,
/// and then [flushed](Self::flush) in one step; the rest takes effect at once.
#[derive(Debug)]
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
    /// The charm wants the machine rebooted.
    pub(crate) reboot: Option<Reboot>,
    /// The relation in whose context `juju-exec` runs something.
    pub(crate) command_relation: Option<CommandRelation>,
    /// Where the agent keeps resources.
    pub(crate) resources_dir: PathBuf,
    pub(crate) faults: Faults,
    /// A fault or a reboot has killed the charm.
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
        resources_dir: PathBuf,
    ) -> Self {
        let what = match &kind {
            OperationKind::Exec(_) => "run-commands".to_owned(),
            kind => kind.to_string(),
        };
        let id = format!("{unit}-{what}-{}", model.ids.hex());
        let config = model.application_of(&unit).config.values();
        Self {
            id,
            unit_name: unit,
            kind,
            model,
            action: None,
            calls: Vec::new(),
            log: Vec::new(),
            status_set: false,
            reboot: None,
            command_relation: None,
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
            OperationKind::Action { .. } => None,
            OperationKind::Exec(_) => {
                self.command_relation.as_ref().map(|relation| relation.context.id.clone())
            }
            OperationKind::Hook(event) => event.relation().map(|relation| relation.id.clone()),
        }
    }

    pub(crate) fn log(&mut self, level: LogLevel, source: &str, message: impl Into<String>) {
        let logger = format!("unit.{}.{source}", self.unit_name);
        self.log.push(LogLine::new(level, logger, message));
    }

    /// Logs a line that the charm has printed. What `juju-exec` runs prints
    /// for its caller only.
    pub(crate) fn log_printed(&mut self, level: LogLevel, line: String) {
        if !self.kind.is_exec() {
            let source = self.kind.to_string();
            self.log(level, &source, line);
        }
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
            OperationKind::Action { .. } | OperationKind::Exec(_) => None,
        }
    }

    /// Returns the text that a shell is to run, if not the charm itself is run.
    pub(super) fn commands(&self) -> Option<String> {
        match (&self.kind, &self.action) {
            (OperationKind::Exec(exec), _) => Some(exec.commands()),
            (kind, Some(action)) if kind.is_exec() => {
                action.params.get("command").and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// Returns after which time the user wants an action stopped.
    pub(super) fn own_time_limit(&self) -> Option<Duration> {
        let nanoseconds = self.action.as_ref()?.params.get("timeout")?.as_f64()?;
        let limit = Duration::try_from_secs_f64(nanoseconds / 1e9).ok()?;
        (self.kind.is_exec() && !limit.is_zero()).then_some(limit)
    }

    /// Tells whether a charm that is a function is to be called.
    pub(super) fn is_for_charm(&self) -> bool {
        match &self.kind {
            OperationKind::Exec(exec) => exec.event_variables().is_some(),
            kind => !kind.is_exec(),
        }
    }
}
