use juju_types::{CharmBase, MachineId, SpaceName};

/// A machine of the model.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) id: MachineId,
    pub(super) number: u32,
    pub(crate) instance_id: String,
    pub(crate) base: CharmBase,
    pub(crate) availability_zone: String,
    /// The command that starts a program there, before the program's own words.
    /// Empty, it is this very machine.
    pub(crate) entrance: Vec<String>,
    /// The network devices, in the order in which they came.
    pub(crate) nics: Vec<Nic>,
}

/// A network device of a machine, with its one address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Nic {
    pub(crate) space: SpaceName,
    pub(crate) address: String,
    pub(crate) cidr: String,
}

impl Machine {
    /// Returns the address by which the machine is known; empty if it has none.
    pub(crate) fn address(&self) -> &str {
        self.nics.first().map_or("", |nic| nic.address.as_str())
    }

    /// Returns the device in a space, with its number.
    pub(super) fn nic(&self, space: &SpaceName) -> Option<(usize, &Nic)> {
        self.nics.iter().enumerate().find(|(_, nic)| nic.space == *space)
    }
}
