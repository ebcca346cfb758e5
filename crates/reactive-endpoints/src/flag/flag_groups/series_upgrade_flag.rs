//! The flag that tells of an upgrade of the machine's base.

use juju_types::Event;

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flag_groups::FlagGroup;

const IN_PROGRESS: Flag = Flag::new("upgrade.series.in-progress");

/// Keeps `upgrade.series.in-progress`, as Python's framework does: it is set
/// from the hook `pre-series-upgrade` on, and cleared in `post-series-upgrade`.
#[derive(Debug)]
pub(crate) struct SeriesUpgradeFlag;

impl FlagGroup for SeriesUpgradeFlag {
    fn contains(&self, flag: &str) -> bool {
        flag == IN_PROGRESS.as_str()
    }

    fn is_due(&self, cx: &Context) -> bool {
        let event = cx.env().event();
        matches!(event, Some(Event::PreSeriesUpgrade { .. } | Event::PostSeriesUpgrade))
    }

    fn manage(&self, cx: &Context) -> Result {
        match cx.env().event() {
            Some(Event::PreSeriesUpgrade { .. }) => cx.set(IN_PROGRESS),
            Some(Event::PostSeriesUpgrade) => cx.clear(IN_PROGRESS),
            _ => {}
        }
        Ok(())
    }
}
