//! Leadership.

use std::collections::BTreeMap;

use super::relation_data::pairs;
use super::{Juju, readable};
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of leadership.
#[derive(Debug, Default)]
pub(super) struct Memos {
    /// Set when the unit is known not to be the leader.
    is_follower: Memo<(), ()>,
    settings: Memo<(), BTreeMap<String, String>>,
}

impl Juju {
    /// Tells whether this unit is the leader of its application. If so, it
    /// stays the leader for about 30 seconds.
    ///
    /// Wraps the hook tool [`is-leader`]. "No" holds for the rest of the hook
    /// and is remembered; "yes" is asked for again each time.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju cannot tell.
    ///
    /// [`is-leader`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/is-leader/
    pub fn is_leader(&self) -> Result<bool, ToolError> {
        if self.leader.is_follower.known(&()).is_some() {
            return Ok(false);
        }
        let call = ToolCall::new(HookTool::IsLeader, ["--format=json"]);
        let is_leader: bool = self.ask_json(&call, "`true` or `false`")?;
        if !is_leader {
            self.leader.is_follower.remember((), ());
        }
        Ok(is_leader)
    }

    /// Returns the leader settings (up to Juju 3.6). The data of a peer
    /// relation's application have taken their place.
    ///
    /// Wraps the hook tool [`leader-get`]. It is asked once in a hook, and
    /// again after a write.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotInThisVersion`] from Juju 4.0 on.
    ///
    /// [`leader-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/leader-get/
    pub fn leader_get(&self) -> Result<BTreeMap<String, String>, ToolError> {
        self.leader.settings.get_or_ask(&(), || {
            let call = ToolCall::new(HookTool::LeaderGet, ["--format=json"]);
            let settings: Option<_> = self.ask_json(&call, "an object of texts")?;
            Ok(settings.unwrap_or_default())
        })
    }

    /// Writes leader settings (up to Juju 3.6), at once, also if the hook
    /// fails. Keys that are not named stay as they are; an empty value removes
    /// its key.
    ///
    /// Wraps the hook tool [`leader-set`], which takes settings as arguments
    /// only. Over the agent's socket they are on no command line; where the
    /// tool's program is started, other users of the machine can see them, and
    /// one must stay under 128 KiB. Pairs that are there already are not sent; to find out,
    /// the settings are read as [`Juju::leader_get`] does.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotLeader`] if this unit is not the leader,
    /// [`ToolError::NotInThisVersion`] from Juju 4.0 on, and
    /// [`ToolError::BadArgument`], before anything is sent, for what the tool
    /// would change on the way: a key or value with blanks around it, or a key
    /// with `=`.
    ///
    /// [`leader-set`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/leader-set/
    pub fn leader_set<K, V>(
        &self,
        settings: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), ToolError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let tool = HookTool::LeaderSet;
        self.require(tool)?;
        let mut settings = pairs(settings);
        for (key, value) in &settings {
            let rule = if key.is_empty() {
                "must not be empty"
            } else if key.contains('=') {
                "must not hold `=`"
            } else if key.trim() != key {
                "must not have blanks around it"
            } else if value.trim() != value {
                "must not have a value with blanks around it"
            } else {
                continue;
            };
            return Err(ToolError::bad_argument(tool, format!("the key `{key}` {rule}")));
        }
        if let Some(known) = readable(self.leader_get())? {
            let same = |key: &str, value: &str| known.get(key).map_or("", String::as_str) == value;
            settings.retain(|key, value| !same(key, value));
        }
        if settings.is_empty() {
            return Ok(());
        }
        let pairs = settings.iter().map(|(key, value)| format!("{key}={value}"));
        let args = std::iter::once("--".to_owned()).chain(pairs);
        self.leader.settings.clear();
        self.tell(&ToolCall::new(tool, args))
    }
}
