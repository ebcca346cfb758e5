//! What a user asks of machines and networks.

use std::net::IpAddr;
use std::sync::Arc;

use juju_types::{CharmBase, MachineId, SpaceName};

use super::Simulator;
use crate::model::{BindingChange, SpaceRefusal};
use crate::simulator_error::SimulatorError;

impl Simulator {
    /// Adds a machine on a base such as `ubuntu@24.04`, and returns it:
    /// `juju add-machine`. Like any other, it goes with its last unit.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::Base`] if the base is none.
    pub fn add_machine(&mut self, base: &str) -> Result<MachineId, SimulatorError> {
        let base: CharmBase = base.parse().map_err(SimulatorError::Base)?;
        let machine = self.model.add_machine(base);
        self.model.connect(&machine, &SpaceName::alpha());
        Ok(machine)
    }

    /// Removes a machine without units: `juju remove-machine`.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoMachine`] if there is no such machine.
    /// - [`SimulatorError::MachineInUse`] if there are units on it.
    pub fn remove_machine(&mut self, machine: &str) -> Result<(), SimulatorError> {
        let machine = self.find_machine(machine)?;
        let mut on_it =
            self.model.units.values().filter(|unit| unit.machine.as_ref() == Some(&machine));
        if let Some(unit) = on_it.next() {
            let unit = unit.name.clone();
            return Err(SimulatorError::MachineInUse { machine, unit });
        }
        self.model.remove_machine(&machine);
        Ok(())
    }

    /// Adds a network space with subnets such as `10.1.0.0/24`:
    /// `juju add-space`. A subnet that is in another space moves.
    ///
    /// Every model has the space `alpha` with the subnets from `10.0.0.0/24` to
    /// `10.0.255.0/24`. A machine has an address in each space that one of its
    /// units is bound to, as long as there is room in the subnets; a `/24` has
    /// addresses for 240 machines.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::Space`] if the name is none.
    /// - [`SimulatorError::SpaceExists`] if the name is taken.
    /// - [`SimulatorError::Subnet`] if a subnet is none.
    /// - [`SimulatorError::SubnetOverlap`] if two subnets share addresses.
    pub fn add_space<S: AsRef<str>>(
        &mut self,
        space: &str,
        subnets: impl IntoIterator<Item = S>,
    ) -> Result<(), SimulatorError> {
        let name: SpaceName = space.parse().map_err(SimulatorError::Space)?;
        let subnet = |cidr: S| {
            let cidr = cidr.as_ref();
            cidr.parse().map_err(|_| SimulatorError::Subnet { cidr: cidr.to_owned() })
        };
        let subnets = subnets.into_iter().map(subnet).collect::<Result<Vec<_>, _>>()?;
        self.model.add_space(name.clone(), subnets).map_err(|refusal| match refusal {
            SpaceRefusal::Exists => SimulatorError::SpaceExists { space: name },
            SpaceRefusal::Overlap { subnet, other } => {
                let (subnet, other) = (subnet.to_string(), other.to_string());
                SimulatorError::SubnetOverlap { subnet, other }
            }
        })
    }

    /// Binds endpoints of an application to network spaces, such as
    /// `db=internal dmz`; a space alone is for all other endpoints:
    /// `juju bind`. Its units run config-changed, and after it their addresses
    /// in the relations change.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoApplication`] if there is no such application.
    /// - [`SimulatorError::Binding`] if something else is wrong.
    pub fn bind(&mut self, application: &str, bindings: &str) -> Result<(), SimulatorError> {
        let found = self.application(application)?;
        let (name, charm) = (found.name.clone(), Arc::clone(&found.charm));
        let change = BindingChange::read(bindings, charm.metadata(), &self.model);
        self.model.bind(&name, &change.map_err(SimulatorError::Binding)?);
        Ok(())
    }

    /// Gives a machine another address in the space that the address belongs
    /// to, as if the network had. Its units run config-changed, and after it
    /// their addresses in the relations change.
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoMachine`] if there is no such machine.
    /// - [`SimulatorError::Address`] if the address is none.
    /// - [`SimulatorError::NoSubnet`] if it is in no subnet of the model.
    pub fn set_address(&mut self, machine: &str, address: &str) -> Result<(), SimulatorError> {
        let machine = self.find_machine(machine)?;
        let text = address;
        let address: IpAddr =
            text.parse().map_err(|_| SimulatorError::Address { address: text.to_owned() })?;
        if self.model.set_address(&machine, address) {
            Ok(())
        } else {
            Err(SimulatorError::NoSubnet { address })
        }
    }

    /// Has the processes of charms on a machine started by a command, before
    /// whose end come the program and its arguments: such as `nsenter` with its
    /// flags, for a machine that is a set of namespaces. An empty command starts
    /// them directly again.
    ///
    /// The program, and all other files of agents and charms, must be there under
    /// the same paths; see [`SimulatorBuilder::folder`]. Charms that are functions
    /// stay where they are.
    ///
    /// ```
    /// use juju_simulator::Simulator;
    ///
    /// let mut juju = Simulator::new();
    /// let machine = juju.add_machine("ubuntu@24.04")?;
    /// juju.enter_machine(&machine.to_string(), ["nice", "--adjustment=5"])?;
    /// # Ok::<(), juju_simulator::SimulatorError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`SimulatorError::NoMachine`] if there is no such machine.
    ///
    /// [`SimulatorBuilder::folder`]: crate::SimulatorBuilder::folder
    pub fn enter_machine<W: Into<String>>(
        &mut self,
        machine: &str,
        command: impl IntoIterator<Item = W>,
    ) -> Result<(), SimulatorError> {
        let machine = self.find_machine(machine)?;
        let command = command.into_iter().map(Into::into).collect();
        self.model.set_entrance(&machine, command);
        Ok(())
    }

    fn find_machine(&self, machine: &str) -> Result<MachineId, SimulatorError> {
        let id: Option<MachineId> = machine.parse().ok();
        let found = id.filter(|id| self.model.machines.contains_key(id));
        found.ok_or_else(|| SimulatorError::NoMachine { machine: machine.to_owned() })
    }
}
