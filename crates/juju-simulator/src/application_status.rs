use crate::model::{Application, Model};
use crate::status_text::StatusText;

/// What `juju status` shows of an application.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ApplicationStatus {
    /// What the leader has set, or the worst status of the units.
    pub status: StatusText,
    /// The version of the workload; empty if the charm has set none.
    pub version: String,
    /// The name of the charm.
    pub charm: String,
    /// How often the charm was refreshed.
    pub revision: u32,
    /// How many units there are.
    pub scale: usize,
}

impl ApplicationStatus {
    pub(crate) fn of(model: &Model, application: &Application) -> Self {
        Self {
            status: model.application_status(&application.name),
            version: application.workload_version.clone(),
            charm: application.charm.name().to_string(),
            revision: application.charm_revision,
            scale: model.units_of(&application.name).count(),
        }
    }
}
