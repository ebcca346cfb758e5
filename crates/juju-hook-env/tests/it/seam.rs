//! What stands between the calls of a test and the agent that answers them.

use juju_hook_env::{Agent, HookEnv, ScriptedAgent};

/// Nothing. The workspace's own tests put the two real ways here, and run the
/// tests of `conformance` once more.
pub(crate) fn to(_: &HookEnv, agent: &ScriptedAgent) -> impl Agent + use<> {
    agent.clone()
}
