use juju_types::{CharmBase, MachineId};

/// A machine of the model.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) id: MachineId,
    pub(crate) address: String,
    pub(crate) instance_id: String,
    pub(crate) base: CharmBase,
    pub(crate) availability_zone: String,
}
