//! The status of the unit and of the application.

use std::collections::BTreeMap;

use juju_types::{Status, StatusValue, UnitName};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Juju, readable};
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of statuses.
#[derive(Debug, Default)]
pub(super) struct Memos {
    unit: Memo<(), StatusReport>,
    application: Memo<(), ApplicationStatusReport>,
    application_set: Memo<(), Status>,
    /// Set while the unit's status is being set, and left so if that fails:
    /// then nobody can tell the status, for Juju repeats its first answer.
    unit_is_unsure: Memo<(), ()>,
}

/// A status as it can be read.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StatusReport {
    /// The status itself.
    pub value: StatusValue,
    /// What is said about it, empty if nothing.
    pub message: String,
    /// What Juju adds, such as the name of the hook that failed.
    pub data: Map<String, Value>,
}

impl StatusReport {
    /// Describes a status about which nothing is said.
    pub fn new(value: impl Into<StatusValue>) -> Self {
        Self { value: value.into(), message: String::new(), data: Map::new() }
    }
}

/// The status of an application and of its units.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ApplicationStatusReport {
    /// The status of the application: as the leader has set it, or else the
    /// worst of its units.
    pub application: StatusReport,
    /// The status of each unit.
    pub units: BTreeMap<UnitName, StatusReport>,
}

impl ApplicationStatusReport {
    /// Describes the status of an application without units.
    pub fn new(application: StatusReport) -> Self {
        Self { application, units: BTreeMap::new() }
    }
}

impl Juju {
    /// Sets the status of this unit, at once, also if the hook fails.
    ///
    /// Wraps the hook tool [`status-set`]. A status that the unit has already
    /// is not sent; to find out, the status is read once in a hook.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju refuses or there is no answer.
    ///
    /// [`status-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/status-set/
    pub fn status_set(&self, status: &Status) -> Result<(), ToolError> {
        let wanted = StatusReport {
            message: status.message().to_owned(),
            ..StatusReport::new(status.kind())
        };
        let is_sure = self.status.unit_is_unsure.known(&()).is_none();
        let current = if is_sure { readable(self.status_get())? } else { None };
        let same = |current: &StatusReport| {
            (&current.value, &current.message) == (&wanted.value, &wanted.message)
        };
        if current.as_ref().is_some_and(same) {
            return Ok(());
        }
        self.status.unit_is_unsure.remember((), ());
        self.status.application.clear();
        self.tell(&set_call(&[], status))?;
        self.status.unit_is_unsure.forget(&());
        self.status.unit.remember((), wanted);
        Ok(())
    }

    /// Sets the status of the application, at once, also if the hook fails.
    ///
    /// Wraps the hook tool [`status-set`]. A status that was set before in
    /// this hook is not sent again. One from an earlier hook is: what Juju
    /// tells of the application can as well come from its units, and would
    /// then change with them.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if this unit is not the leader.
    ///
    /// [`status-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/status-set/
    pub fn status_set_application(&self, status: &Status) -> Result<(), ToolError> {
        if self.status.application_set.known(&()).as_ref() == Some(status) {
            return Ok(());
        }
        self.status.application_set.forget(&());
        self.status.application.clear();
        self.tell(&set_call(&["--application"], status))?;
        self.status.application_set.remember((), status.clone());
        Ok(())
    }

    /// Returns the status of this unit.
    ///
    /// Wraps the hook tool [`status-get`]. Juju answers all of a hook with
    /// what was true when it was first asked; a status set in this hook is
    /// seen here all the same.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`status-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/status-get/
    pub fn status_get(&self) -> Result<StatusReport, ToolError> {
        self.status.unit.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::StatusGet, ["--include-data", "--format=json"]);
            let status: StatusJson = self.ask_json(&call, "an object with a status")?;
            Ok(status.into())
        })
    }

    /// Returns the status of the application and of its units.
    ///
    /// Wraps the hook tool [`status-get`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if this unit is not the leader.
    ///
    /// [`status-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/status-get/
    pub fn status_get_application(&self) -> Result<ApplicationStatusReport, ToolError> {
        self.status.application.get_or_ask(&(), || {
            let args = ["--application", "--include-data", "--format=json"];
            let call = ToolCall::new(HookTool::StatusGet, args);
            let answer: ApplicationStatusJson =
                self.ask_json(&call, "an object with an application's status")?;
            let ApplicationStatusFields { application, units } = answer.application_status;
            let mut report = ApplicationStatusReport::new(application.into());
            report.units = units.into_iter().map(|(unit, status)| (unit, status.into())).collect();
            Ok(report)
        })
    }
}

fn set_call(flags: &[&str], status: &Status) -> ToolCall {
    let mut args = flags.to_vec();
    args.extend(["--", status.kind().as_str()]);
    if !status.message().is_empty() {
        args.push(status.message());
    }
    ToolCall::new(HookTool::StatusSet, args)
}

#[derive(Deserialize)]
struct StatusJson {
    status: StatusValue,
    #[serde(default)]
    message: String,
    #[serde(default, rename = "status-data")]
    data: Option<Map<String, Value>>,
}

impl From<StatusJson> for StatusReport {
    fn from(StatusJson { status, message, data }: StatusJson) -> Self {
        Self { value: status, message, data: data.unwrap_or_default() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ApplicationStatusJson {
    application_status: ApplicationStatusFields,
}

#[derive(Deserialize)]
struct ApplicationStatusFields {
    #[serde(flatten)]
    application: StatusJson,
    #[serde(default)]
    units: BTreeMap<UnitName, StatusJson>,
}
