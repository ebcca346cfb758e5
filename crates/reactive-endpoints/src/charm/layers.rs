//! The flags of Python's base layers, as builder calls.

use super::Charm;
use crate::flag::flag_groups::config_default_flags::ConfigDefaultFlags;
use crate::flag::flag_groups::config_flags::ConfigFlags;
use crate::flag::flag_groups::leader_flag::LeaderFlag;
use crate::flag::flag_groups::leader_settings_flags::LeaderSettingsFlags;

impl<S: 'static> Charm<S> {
    /// Has the flags of config options kept that Python's basic layer keeps:
    ///
    /// | flag | is set while |
    /// | --- | --- |
    /// | `config.changed.OPTION` | the value is not what it was in the last run that looked and succeeded; in the first run, for each option |
    /// | `config.changed` | any option has changed |
    /// | `config.set.OPTION` | the value is not empty, zero or false |
    /// | `config.default.OPTION` | the option has its default value |
    ///
    /// They hold during one run: at its end they are cleared. Nothing is asked
    /// of Juju in a run that looks at none of them, and no change is lost by
    /// that. A unit whose charm was written in Python, or will be again, sees
    /// no change where there is none.
    ///
    /// ```
    /// use reactive_endpoints::{Charm, Context, Flag, Result};
    ///
    /// const PORT_CHANGED: Flag = Flag::new("config.changed.port");
    ///
    /// fn restart(_: &mut (), _: &Context) -> Result {
    ///     Ok(())
    /// }
    ///
    /// let charm = Charm::new(()).config_flags().when(&PORT_CHANGED, restart);
    /// # drop(charm);
    /// ```
    ///
    /// What a value was is told by
    /// [`Context::config_changes`](crate::Context::config_changes).
    #[must_use]
    pub fn config_flags(mut self) -> Self {
        self.groups.push(Box::new(ConfigFlags));
        self.groups.push(Box::new(ConfigDefaultFlags));
        self
    }

    /// Has the flags of leadership kept that Python's leadership layer keeps:
    ///
    /// | flag | is set while |
    /// | --- | --- |
    /// | `leadership.is_leader` | the unit is the leader of its application |
    /// | `leadership.set.KEY` | there is such a leader setting |
    /// | `leadership.changed.KEY` | the setting is not what it was in the last run that looked and succeeded |
    /// | `leadership.changed` | any setting has changed |
    ///
    /// Nothing is asked of Juju in a run that looks at none of them. Settings
    /// that this unit writes with
    /// [`Context::leader_set`](crate::Context::leader_set) have their flags at
    /// once.
    ///
    /// From Juju 4.0 on there are no leader settings: there only
    /// `leadership.is_leader` can be looked at, and a run that looks at one of
    /// the others fails.
    #[must_use]
    pub fn leadership_flags(mut self) -> Self {
        self.groups.push(Box::new(LeaderFlag));
        self.groups.push(Box::new(LeaderSettingsFlags));
        self
    }
}
