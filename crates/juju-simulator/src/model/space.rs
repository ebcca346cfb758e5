//! Network spaces, and who is in them.

use std::net::IpAddr;

use juju_types::{ApplicationName, MachineId, SpaceName, UnitName};

use super::machine::Nic;
use super::{BindingChange, Model, Subnet};

/// A network space: the subnets that machines can have addresses in.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    pub(crate) name: SpaceName,
    subnets: Vec<Subnet>,
}

/// Why a space is not added.
#[derive(Debug)]
pub(crate) enum SpaceRefusal {
    Exists,
    Overlap { subnet: Subnet, other: Subnet },
}

impl Space {
    /// The first addresses of a space are those of the controller and of the
    /// network itself.
    const RESERVED: u32 = 10;

    /// Makes the space that all is in that nobody puts elsewhere.
    pub(super) fn alpha() -> Self {
        let subnets = (0..=u8::MAX).map(Subnet::of_alpha).collect();
        Self { name: SpaceName::alpha(), subnets }
    }

    /// Returns the address that the machine of that number has here, and its
    /// subnet, as long as there is room.
    fn address(&self, number: u32) -> Option<(IpAddr, &Subnet)> {
        let mut index = number.checked_add(Self::RESERVED)?;
        for subnet in &self.subnets {
            if index < subnet.capacity() {
                return Some((subnet.address(index), subnet));
            }
            index -= subnet.capacity();
        }
        None
    }

    fn subnet_of(&self, address: IpAddr) -> Option<&Subnet> {
        self.subnets.iter().find(|subnet| subnet.contains(address))
    }
}

impl Model {
    pub(crate) fn space(&self, name: &SpaceName) -> Option<&Space> {
        self.spaces.iter().find(|space| space.name == *name)
    }

    /// Adds a space. A subnet that is in another space moves.
    pub(crate) fn add_space(
        &mut self,
        name: SpaceName,
        subnets: Vec<Subnet>,
    ) -> Result<(), SpaceRefusal> {
        if self.space(&name).is_some() {
            return Err(SpaceRefusal::Exists);
        }
        for (index, subnet) in subnets.iter().enumerate() {
            let known = self.spaces.iter().flat_map(|space| &space.subnets);
            let different = known.filter(|other| *other != subnet).chain(&subnets[..index]);
            if let Some(other) = different.into_iter().find(|other| other.overlaps(subnet)) {
                let (subnet, other) = (subnet.clone(), other.clone());
                return Err(SpaceRefusal::Overlap { subnet, other });
            }
        }
        for space in &mut self.spaces {
            space.subnets.retain(|subnet| !subnets.contains(subnet));
        }
        self.spaces.push(Space { name, subnets });
        Ok(())
    }

    /// Gives the machine of a unit an address in each space that the unit's
    /// application is bound to.
    pub(super) fn connect_unit(&mut self, unit: &UnitName) {
        let Some(machine) = self.unit(unit).machine.clone() else { return };
        let spaces: Vec<SpaceName> = self.application_of(unit).bindings.spaces().cloned().collect();
        for space in spaces {
            self.connect(&machine, &space);
        }
    }

    /// Binds endpoints of an application otherwise.
    pub(crate) fn bind(&mut self, name: &ApplicationName, change: &BindingChange) {
        let Some(application) = self.application_mut(name) else { return };
        application.bindings.merge(change);
        let units: Vec<UnitName> = self.units_of(name).map(|unit| unit.name.clone()).collect();
        for unit in units {
            self.connect_unit(&unit);
        }
    }

    /// Gives a machine an address in a space, if it has none there and there
    /// is room.
    pub(crate) fn connect(&mut self, id: &MachineId, space: &SpaceName) {
        let Some(machine) = self.machines.get(id) else { return };
        if machine.nic(space).is_some() {
            return;
        }
        let Some(space) = self.spaces.iter().find(|known| known.name == *space) else { return };
        let Some((address, subnet)) = space.address(machine.number) else { return };
        let nic = Nic {
            space: space.name.clone(),
            address: address.to_string(),
            cidr: subnet.to_string(),
        };
        if let Some(machine) = self.machine_mut(id) {
            machine.nics.push(nic);
        }
    }

    /// Gives a machine another address in the space that the address belongs
    /// to; tells whether there is such a space.
    pub(crate) fn set_address(&mut self, id: &MachineId, address: IpAddr) -> bool {
        let found = self
            .spaces
            .iter()
            .find_map(|space| Some((space.name.clone(), space.subnet_of(address)?.to_string())));
        let Some((space, cidr)) = found else { return false };
        self.replace_nic(id, Nic { space, address: address.to_string(), cidr });
        true
    }

    /// Says by which command programs are started on a machine.
    pub(crate) fn set_entrance(&mut self, id: &MachineId, command: Vec<String>) {
        if let Some(machine) = self.machine_mut(id) {
            machine.entrance = command;
        }
    }

    /// Gives a unit, and so its machine, another first address, which need not
    /// be in any subnet.
    pub(crate) fn set_private_address(&mut self, unit: &UnitName, address: &str) {
        let Some(id) = self.unit(unit).machine.clone() else { return };
        let first = self.machines.get(&id).and_then(|machine| machine.nics.first());
        let space = first.map_or_else(SpaceName::alpha, |nic| nic.space.clone());
        let cidr = match address.rsplit_once('.') {
            Some((network, _)) => format!("{network}.0/24"),
            None => String::new(),
        };
        self.replace_nic(&id, Nic { space, address: address.to_owned(), cidr });
    }

    /// Gives a machine another address in a space, and its units with it.
    fn replace_nic(&mut self, id: &MachineId, nic: Nic) {
        let Some(machine) = self.machine_mut(id) else { return };
        match machine.nics.iter_mut().find(|former| former.space == nic.space) {
            Some(former) => *former = nic,
            None => machine.nics.push(nic),
        }
        let address = machine.address().to_owned();
        for unit in self.unit_names_on(id) {
            let unit = self.unit_mut(&unit);
            unit.public_address.clone_from(&address);
            unit.private_address.clone_from(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_each_machine_an_address_as_long_as_there_is_room() {
        let address = |space: &Space, number| {
            space.address(number).map(|(address, subnet)| format!("{address} in {subnet}"))
        };
        let alpha = Space::alpha();
        assert_eq!(address(&alpha, 0).unwrap(), "10.0.0.11 in 10.0.0.0/24");
        assert_eq!(address(&alpha, 240).unwrap(), "10.0.1.1 in 10.0.1.0/24");
        let subnets = ["192.168.7.0/28", "192.168.7.16/30"];
        let subnets = subnets.map(|cidr| cidr.parse().unwrap()).to_vec();
        let small = Space { name: "small".parse().unwrap(), subnets };
        assert_eq!(address(&small, 3).unwrap(), "192.168.7.14 in 192.168.7.0/28");
        assert_eq!(address(&small, 5).unwrap(), "192.168.7.18 in 192.168.7.16/30");
        assert_eq!(address(&small, 6), None);
    }
}
