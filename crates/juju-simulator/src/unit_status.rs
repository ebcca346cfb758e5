use juju_types::{MachineId, PortRange, StatusValue};

use crate::model::{Model, Unit};
use crate::status_text::StatusText;

/// What `juju status` shows of a unit.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnitStatus {
    /// What the charm says of itself, or the error of a hook that has failed.
    pub workload: StatusText,
    /// What the agent does.
    pub agent: StatusText,
    /// The machine, if the unit is on one.
    pub machine: Option<MachineId>,
    /// The address by which the world reaches the unit.
    pub public_address: String,
    /// The ports that are open, in Juju's order.
    pub ports: Vec<PortRange>,
    /// The unit leads its application.
    pub is_leader: bool,
}

impl UnitStatus {
    pub(crate) fn of(model: &Model, unit: &Unit) -> Self {
        let agent = if unit.progress.installed || unit.progress.failed.is_some() || unit.is_extra {
            StatusText::new("idle", "")
        } else {
            StatusText::new(StatusValue::Allocating, "")
        };
        Self {
            workload: unit.shown_status(),
            agent,
            machine: unit.machine.clone(),
            public_address: unit.public_address.clone(),
            ports: unit.ports.iter().map(|(range, _)| range).collect(),
            is_leader: model.is_leader(&unit.name),
        }
    }
}
