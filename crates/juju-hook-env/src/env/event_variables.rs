//! What the variables say about the event.

use juju_types::{
    CharmBase, CheckName, ContainerName, Notice, RelationContext, SecretContext, StorageContext,
    UnitName,
};

use super::HookEnv;
use super::action_context::ActionContext;
use super::debug_session::DebugSession;
use super::meter::Meter;
use super::variable as var;

/// # What the run is about
///
/// [`HookEnv::event`] has most of this, too, for those events that it belongs
/// to. A command of `juju-exec` has no event, but can have a relation.
impl HookEnv {
    /// Returns the action that runs, if one does.
    pub fn action(&self) -> Option<&ActionContext> {
        self.action.as_ref()
    }

    /// Returns the Pebble check that failed or recovered.
    pub fn check(&self) -> Option<&CheckName> {
        self.check.as_ref()
    }

    /// Returns the debugging session that a user has started for this run.
    pub fn debug_session(&self) -> Option<DebugSession> {
        let mut session = DebugSession::new(self.text(var::JUJU_DEBUG)?);
        let names = self.text(var::JUJU_DEBUG_AT).unwrap_or_default().split(',');
        session.breakpoints = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some(session)
    }

    /// Returns the unit that leaves the relation: the remote one or this one.
    pub fn departing_unit(&self) -> Option<&UnitName> {
        self.departing_unit.as_ref()
    }

    /// Returns what Juju wants to be run: `hooks/NAME` or `actions/NAME`.
    pub fn dispatch_path(&self) -> Option<&str> {
        self.text(var::JUJU_DISPATCH_PATH)
    }

    /// Returns the name of the hook, which is absent in an action.
    pub fn hook_name(&self) -> Option<&str> {
        self.text(var::JUJU_HOOK_NAME)
    }

    /// Returns the metering status (up to 3.6.9).
    pub fn meter(&self) -> Option<&Meter> {
        self.meter.as_ref()
    }

    /// Returns the Pebble notice.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Returns the relation of a relation hook, or of `juju-exec -r`.
    pub fn relation(&self) -> Option<&RelationContext> {
        self.relation.as_ref()
    }

    /// Returns the remote unit of a relation hook, which is absent where the
    /// hook is about the remote application.
    pub fn remote_unit(&self) -> Option<&UnitName> {
        self.remote_unit.as_ref()
    }

    /// Returns the secret of a secret hook.
    pub fn secret(&self) -> Option<&SecretContext> {
        self.secret.as_ref()
    }

    /// Returns the revision of the secret in `secret-remove` and
    /// `secret-expired`.
    pub fn secret_revision(&self) -> Option<u32> {
        self.secret_revision
    }

    /// Returns the storage of a storage hook. Its id is absent from the
    /// variables when it is no longer provisioned; then there is none here,
    /// and the event tells its name.
    pub fn storage(&self) -> Option<&StorageContext> {
        self.storage.as_ref()
    }

    /// Returns the release that the machine is upgraded to (up to 3.6).
    pub fn target_base(&self) -> Option<&CharmBase> {
        self.target_base.as_ref()
    }

    /// Returns the code name of that release, such as `jammy` (up to 3.6).
    pub fn target_series(&self) -> Option<&str> {
        self.text(var::JUJU_TARGET_SERIES)
    }

    /// Returns the workload container of a Pebble hook.
    pub fn workload(&self) -> Option<&ContainerName> {
        self.workload.as_ref()
    }
}
