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
    /// the charm has failed on it, or the daemon or the machine died while it
    /// was being delivered.
    pub id: Word,
    /// The run of the unit that this is about; `None` for a unit that has
    /// never run or cannot run, such as one that is masked.
    pub invocation: Option<InvocationId>,
    /// How the main process has ended last; `None` while it runs, and for
    /// units without one.
    pub main_exit: Option<MainExit>,
    /// Whether the unit went through other states, of which nothing was told,
    /// since the notice before. (A run that began and ended while nobody could
    /// look leaves no trace in systemd, and is not known.)
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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::Notice;

    const PAIRS: [(&str, &str); 13] = [
        ("SYSTEMD_NOTICE_ALIAS", "esc-x2dbar"),
        ("SYSTEMD_NOTICE_EVENT", "restarted"),
        ("SYSTEMD_NOTICE_ID", "5e7c-17"),
        ("SYSTEMD_NOTICE_INVOCATION", "00f1e2d3c4b5a69788796a5b4c3d2e1f"),
        ("SYSTEMD_NOTICE_MAIN_EXIT", "exited 1"),
        ("SYSTEMD_NOTICE_MERGED", "yes"),
        ("SYSTEMD_NOTICE_RESTARTS", "3"),
        ("SYSTEMD_NOTICE_RESULT", "exit-code"),
        ("SYSTEMD_NOTICE_STATE", "active"),
        ("SYSTEMD_NOTICE_STATE_BEFORE", "active"),
        ("SYSTEMD_NOTICE_SUB_STATE", "running"),
        ("SYSTEMD_NOTICE_TIME", "1764108000000001"),
        ("SYSTEMD_NOTICE_UNIT", r"esc\x2dbar.service"),
    ];

    /// The variables that may be missing.
    const OPTIONAL: [&str; 4] = ["INVOCATION", "MAIN_EXIT", "RESULT", "STATE_BEFORE"];

    fn notice() -> Notice {
        Notice::from_env(PAIRS).unwrap().unwrap()
    }

    #[test]
    fn comes_back_from_its_variables() {
        let pairs = notice().to_env();
        let borrowed: Vec<_> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(borrowed, PAIRS);
    }

    #[test]
    fn is_none_where_the_daemon_has_not_woken_the_charm() {
        assert_eq!(Notice::from_env([("JUJU_DISPATCH_PATH", "hooks/install")]), Ok(None));
    }

    #[test]
    fn names_the_variable_that_is_missing_or_not_valid() {
        for missing in PAIRS {
            let name = missing.0.trim_start_matches("SYSTEMD_NOTICE_");
            let rest = PAIRS.into_iter().filter(|pair| *pair != missing);
            assert_eq!(Notice::from_env(rest).is_ok(), OPTIONAL.contains(&name), "{name}");
        }
        let refusal = |(name, value): (&str, &str)| {
            let pairs = PAIRS.map(|pair| if pair.0 == name { (name, value) } else { pair });
            Notice::from_env(pairs).unwrap_err().to_string()
        };
        let refusals = [
            ("SYSTEMD_NOTICE_EVENT", "exploded"),
            ("SYSTEMD_NOTICE_ID", "a'b"),
            ("SYSTEMD_NOTICE_MERGED", "true"),
            ("SYSTEMD_NOTICE_RESTARTS", "-1"),
            ("SYSTEMD_NOTICE_STATE", ""),
            ("SYSTEMD_NOTICE_UNIT", "a\nb"),
        ];
        let missing = Notice::from_env(PAIRS.into_iter().skip(1)).unwrap_err().to_string();
        let all = refusals.map(refusal).join("\n") + "\n" + &missing;
        insta::assert_snapshot!(all, @r"
        invalid variable `SYSTEMD_NOTICE_EVENT`: invalid event of a notice `exploded`: it must be `failed`, `restarted`, `started` or `stopped`
        invalid variable `SYSTEMD_NOTICE_ID`: invalid word `a\'b`: it must be 1 to 64 lower-case letters, digits and dashes
        invalid variable `SYSTEMD_NOTICE_MERGED`: `true` is neither `yes` nor `no`
        invalid variable `SYSTEMD_NOTICE_RESTARTS`: invalid digit found in string
        invalid variable `SYSTEMD_NOTICE_STATE`: unknown state of a unit ``
        invalid variable `SYSTEMD_NOTICE_UNIT`: invalid name of a systemd unit `a\nb`: only ASCII letters, digits and `:-_.\@` are allowed; `systemd-escape --mangle` shows how systemd writes others
        invalid variable `SYSTEMD_NOTICE_ALIAS`: it is missing
        ");
    }

    #[test]
    fn bash_runs_the_charm_with_the_notice() {
        let folder = tempfile::tempdir().unwrap();
        let script = "printf '%s' '#!/bin/sh\nenv\n' > dispatch; chmod +x dispatch; ";
        #[expect(clippy::disallowed_methods, reason = "the shell is the peer of this test")]
        let output = Command::new("bash")
            .arg("-c")
            .arg(format!("{script}{}", notice().juju_exec_text()))
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let pairs = || text.lines().filter_map(|line| line.split_once('='));
        assert_eq!(Notice::from_env(pairs()), Ok(Some(notice())));
        let path = ("JUJU_DISPATCH_PATH", "hooks/service-esc-x2dbar-restarted");
        assert!(pairs().any(|pair| pair == path), "{text}");
    }

    proptest! {
        #[test]
        fn no_value_makes_it_panic(index in 0..PAIRS.len(), value: String) {
            let mut pairs = PAIRS;
            pairs[index].1 = &value;
            if let Ok(Some(notice)) = Notice::from_env(pairs) {
                let _ = notice.time();
                prop_assert_eq!(Notice::from_env(notice.to_env()), Ok(Some(notice)));
            }
        }
    }
}
