//! What the daemon tells the charm.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use juju_types::EventName;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::active_state::ActiveState;
use crate::invocation_id::InvocationId;
use crate::main_exit::MainExit;
use crate::notice_event::NoticeEvent;
use crate::service_alias::ServiceAlias;
use crate::shell_quoting::quoted;
use crate::systemd_unit_name::SystemdUnitName;
use crate::text::shown;
use crate::word::Word;

/// What the daemon tells the charm: what has become of a unit, and the details.
///
/// It travels in variables of the charm's process, so a handler reads it from
/// there.
///
/// ```
/// use systemd_notices::{MainExit, Notice};
///
/// let notice = Notice::from_env([
///     ("JUJU_DISPATCH_PATH", "hooks/service-web-stopped"),
///     ("SYSTEMD_NOTICE_ALIAS", "web"),
///     ("SYSTEMD_NOTICE_EVENT", "stopped"),
///     ("SYSTEMD_NOTICE_ID", "5e7c-17"),
///     ("SYSTEMD_NOTICE_MAIN_EXIT", "killed 9"),
///     ("SYSTEMD_NOTICE_MERGED", "no"),
///     ("SYSTEMD_NOTICE_RESTARTS", "0"),
///     ("SYSTEMD_NOTICE_RESULT", "oom-kill"),
///     ("SYSTEMD_NOTICE_STATE", "failed"),
///     ("SYSTEMD_NOTICE_STATE_BEFORE", "active"),
///     ("SYSTEMD_NOTICE_SUB_STATE", "failed"),
///     ("SYSTEMD_NOTICE_TIME", "1764108000000000"),
///     ("SYSTEMD_NOTICE_UNIT", "web.service"),
/// ])?
/// .expect("the daemon has woken the charm");
/// assert_eq!(notice.main_exit, Some(MainExit::Killed(9)));
/// assert_eq!(notice.event_name().as_str(), "service-web-stopped");
/// # Ok::<(), systemd_notices::ParseNoticeError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Notice {
    /// What stands for the unit in the names of its events.
    pub alias: ServiceAlias,
    /// What has become of the unit.
    pub event: NoticeEvent,
    /// Equal for two notices only if the second repeats the first, because
    /// the daemon or the machine died while the first was being delivered.
    pub id: Word,
    /// The run of the unit that this is about; `None` for a unit that has
    /// never run or cannot run, such as one that is masked.
    pub invocation: Option<InvocationId>,
    /// How the main process has ended last; `None` while it runs, and for
    /// units without one.
    pub main_exit: Option<MainExit>,
    /// Whether the unit went through other states, of which nothing was told,
    /// since the notice before.
    pub merged: bool,
    /// How many times systemd has restarted the unit by itself since somebody
    /// last started it (`NRestarts`).
    pub restarts: u32,
    /// How the unit's last run went, as systemd calls it: `success`,
    /// `exit-code`, `signal`, `core-dump`, `oom-kill`, `timeout`, `watchdog`,
    /// `start-limit-hit` and so on. `None` for types of units without one.
    pub result: Option<Word>,
    /// The state of the unit.
    pub state: ActiveState,
    /// The state that was told before; `None` in the first notice of a unit.
    pub state_before: Option<ActiveState>,
    /// The state of the unit in the words of its type, such as `running`,
    /// `waiting`, `exited`, `auto-restart`.
    pub sub_state: Word,
    /// When the state changed, in microseconds since 1970.
    pub microseconds: u64,
    /// The unit.
    pub unit: SystemdUnitName,
}

impl Notice {
    /// Reads the notice from the variables of the charm's process, or returns
    /// `None` if there is none among them: the daemon has not woken the charm,
    /// or somebody has run the event by hand.
    ///
    /// # Errors
    ///
    /// Returns an error that names the variable if one is missing or not
    /// valid.
    pub fn from_env<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Option<Self>, ParseNoticeError>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut variables = Variables(BTreeMap::new());
        for (name, value) in pairs {
            if let Some(name) = name.as_ref().strip_prefix(PREFIX) {
                variables.0.insert(name.to_owned(), value.as_ref().to_owned());
            }
        }
        if variables.0.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            alias: variables.required("ALIAS")?,
            event: variables.required("EVENT")?,
            id: variables.required("ID")?,
            invocation: variables.optional("INVOCATION")?,
            main_exit: variables.optional("MAIN_EXIT")?,
            merged: variables.required::<YesOrNo>("MERGED")? == YesOrNo::Yes,
            restarts: variables.required("RESTARTS")?,
            result: variables.optional("RESULT")?,
            state: variables.required("STATE")?,
            state_before: variables.optional("STATE_BEFORE")?,
            sub_state: variables.required("SUB_STATE")?,
            microseconds: variables.required("TIME")?,
            unit: variables.required("UNIT")?,
        }))
    }

    /// Returns the variables that [`from_env`](Self::from_env) reads.
    pub fn to_env(&self) -> Vec<(String, String)> {
        let merged = if self.merged { YesOrNo::Yes } else { YesOrNo::No };
        let pairs = [
            ("ALIAS", Some(self.alias.to_string())),
            ("EVENT", Some(self.event.to_string())),
            ("ID", Some(self.id.to_string())),
            ("INVOCATION", self.invocation.map(|id| id.to_string())),
            ("MAIN_EXIT", self.main_exit.map(|exit| exit.to_string())),
            ("MERGED", Some(merged.as_str().to_owned())),
            ("RESTARTS", Some(self.restarts.to_string())),
            ("RESULT", self.result.as_ref().map(Word::to_string)),
            ("STATE", Some(self.state.to_string())),
            ("STATE_BEFORE", self.state_before.map(|state| state.to_string())),
            ("SUB_STATE", Some(self.sub_state.to_string())),
            ("TIME", Some(self.microseconds.to_string())),
            ("UNIT", Some(self.unit.to_string())),
        ];
        let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.map(|(name, value)| (format!("{PREFIX}{name}"), value)).collect()
    }

    /// Returns the name of the charm's event, such as `service-web-stopped`.
    pub fn event_name(&self) -> EventName {
        self.event.event_name(&self.alias)
    }

    /// Returns when the state changed.
    pub fn time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_micros(self.microseconds)
    }

    /// Returns the shell text for `juju-exec` that runs the charm for this
    /// notice, without any file under `hooks/`.
    pub fn juju_exec_text(&self) -> String {
        let mut text = String::new();
        let path = format!("hooks/{}", self.event_name());
        let pairs = self.to_env().into_iter();
        for (name, value) in pairs.chain([("JUJU_DISPATCH_PATH".to_owned(), path)]) {
            write!(text, "{name}={} ", quoted(&value)).expect("a string takes everything");
        }
        text + "./dispatch"
    }
}

/// The variables hold no [`Notice`]; the message names the culprit and says
/// which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid variable `{PREFIX}{name}`: {fault}")]
pub struct ParseNoticeError {
    name: &'static str,
    fault: String,
}

/// What the names of all variables of a notice start with.
const PREFIX: &str = "SYSTEMD_NOTICE_";

/// The variables of a notice, without the prefix.
struct Variables(BTreeMap<String, String>);

impl Variables {
    fn required<T: FromStr<Err: ToString>>(
        &self,
        name: &'static str,
    ) -> Result<T, ParseNoticeError> {
        let missing = || ParseNoticeError { name, fault: "it is missing".to_owned() };
        self.optional(name)?.ok_or_else(missing)
    }

    fn optional<T: FromStr<Err: ToString>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, ParseNoticeError> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let value = text.parse().map_err(|fault: T::Err| fault.to_string());
        value.map(Some).map_err(|fault| ParseNoticeError { name, fault })
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum YesOrNo {
    Yes,
    No,
}

impl YesOrNo {
    fn as_str(self) -> &'static str {
        if self == Self::Yes { "yes" } else { "no" }
    }
}

impl FromStr for YesOrNo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let both = [Self::Yes, Self::No];
        let value = both.into_iter().find(|value| value.as_str() == text);
        value.ok_or_else(|| format!("`{}` is neither `yes` nor `no`", shown(text)))
    }
}
