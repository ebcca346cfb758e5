//! The flag of the leader.

use crate::context::Context;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flag_groups::FlagGroup;

const IS_LEADER: Flag = Flag::new("leadership.is_leader");

/// Keeps `leadership.is_leader`, which is set while the unit is the leader of
/// its application.
#[derive(Debug)]
pub(crate) struct LeaderFlag;

impl FlagGroup for LeaderFlag {
    fn contains(&self, flag: &str) -> bool {
        flag == IS_LEADER.as_str()
    }

    fn manage(&self, cx: &Context) -> Result {
        cx.toggle(IS_LEADER, cx.is_leader()?);
        Ok(())
    }
}
