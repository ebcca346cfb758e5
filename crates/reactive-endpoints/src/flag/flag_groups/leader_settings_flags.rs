//! The flags of the leader settings.

use std::collections::BTreeMap;

use juju_types::JujuVersion;
use thiserror::Error;

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flag_groups::FlagGroup;

/// The keys of the settings as they were last seen begin with it.
const SEEN: &str = "leadership.settings.";

const CHANGED: Flag = Flag::new("leadership.changed");

/// Keeps the flags of the leader settings, and remembers the settings, as
/// Python's layer does: `leadership.set.KEY` is set while there is such a
/// setting, `leadership.changed.KEY` when it is another than in the run before,
/// and `leadership.changed` when any is.
#[derive(Debug)]
pub(crate) struct LeaderSettingsFlags;

impl FlagGroup for LeaderSettingsFlags {
    fn contains(&self, flag: &str) -> bool {
        flag == CHANGED.as_str()
            || flag.starts_with("leadership.changed.")
            || flag.starts_with("leadership.set.")
    }

    fn exists(&self, cx: &Context) -> bool {
        cx.env().version().is_none_or(JujuVersion::has_leader_settings)
    }

    fn manage(&self, cx: &Context) -> Result {
        if let Some(version) = cx.env().version().filter(|version| !version.has_leader_settings()) {
            return Err(NoLeaderSettingsError { version: version.clone() }.into());
        }
        let settings = cx.juju().leader_get()?;
        let mut settings: BTreeMap<String, Option<String>> =
            settings.into_iter().map(|(key, value)| (key, Some(value))).collect();
        let seen = seen(cx)?;
        for key in seen.keys() {
            settings.entry(key.clone()).or_default();
        }
        let mut any_changed = false;
        for (key, value) in &settings {
            let has_changed = seen.get(key).is_none_or(|seen| seen != value);
            any_changed |= has_changed;
            cx.toggle(changed(key), has_changed);
            note(cx, key, value.as_deref())?;
        }
        cx.toggle(CHANGED, any_changed);
        Ok(())
    }
}

impl LeaderSettingsFlags {
    /// Has the flags, if the charm has them, follow settings that this unit has
    /// written.
    pub(crate) fn follow(cx: &Context, settings: &BTreeMap<String, String>) -> Result {
        if !cx.groups().contains(CHANGED.as_str()) {
            return Ok(());
        }
        let seen = seen(cx)?;
        for (key, value) in settings {
            // Juju has no empty settings.
            let value = Some(value).filter(|value| !value.is_empty());
            if seen.get(key).and_then(Option::as_ref) != value {
                cx.set(changed(key));
                cx.set(CHANGED);
                note(cx, key, value.map(String::as_str))?;
            }
        }
        Ok(())
    }
}

/// Returns the settings as they were last seen, `None` for those that were
/// removed.
fn seen(cx: &Context) -> Result<BTreeMap<String, Option<String>>> {
    cx.kv().getrange(SEEN)
}

fn note(cx: &Context, key: &str, value: Option<&str>) -> Result {
    cx.toggle(Flag::of_data(format!("leadership.set.{key}")), value.is_some());
    cx.kv().set(&format!("{SEEN}{key}"), &value)
}

fn changed(key: &str) -> Flag {
    Flag::of_data(format!("leadership.changed.{key}"))
}

/// Somebody looks at a flag of leader settings, which Juju no longer has.
#[derive(Clone, Debug, Error)]
#[error(
    "Juju {version} has no leader settings, and so no flags `leadership.set.*` and \
     `leadership.changed`: use the application's data in a peer relation"
)]
pub struct NoLeaderSettingsError {
    version: JujuVersion,
}
