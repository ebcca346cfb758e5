//! Rebooting the machine.

use super::Juju;
use crate::error::ToolError;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// When [`Juju::juju_reboot`] is to reboot the machine.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the tool knows these two and no other")]
pub enum Reboot {
    /// When the hook has succeeded.
    AfterHook,
    /// At once: Juju kills this process, drops what the hook has written, and
    /// runs the same hook again after the reboot.
    Now,
}

impl Juju {
    /// Reboots the machine. With [`Reboot::Now`] this mostly does not return.
    ///
    /// Wraps the hook tool [`juju-reboot`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::RestrictedContext`] in an action.
    ///
    /// [`juju-reboot`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/juju-reboot/
    pub fn juju_reboot(&self, when: Reboot) -> Result<(), ToolError> {
        let flags: &[&str] = match when {
            Reboot::AfterHook => &[],
            Reboot::Now => &["--now"],
        };
        self.tell(&ToolCall::new(HookTool::JujuReboot, flags.iter().copied()))
    }
}
