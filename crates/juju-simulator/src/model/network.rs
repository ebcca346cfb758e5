use std::collections::BTreeMap;

use juju_types::{CharmMetadata, EndpointName, UnitName};
use serde::{Deserialize, Serialize};

use super::Model;
use super::machine::Nic;

/// What an endpoint or an extra binding is bound to, as `network-get` shows it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct NetworkInfo {
    pub(crate) bind_addresses: Vec<Device>,
    pub(crate) egress_subnets: Vec<String>,
    pub(crate) ingress_addresses: Vec<String>,
}

/// A network device of the machine.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Device {
    pub(crate) mac_address: String,
    pub(crate) interface_name: String,
    pub(crate) addresses: Vec<DeviceAddress>,
}

/// An address of a device.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct DeviceAddress {
    pub(crate) hostname: String,
    pub(crate) value: String,
    pub(crate) cidr: String,
}

impl NetworkInfo {
    /// Makes what a machine shows for a binding to one of its devices.
    fn of_nic(machine: u32, number: usize, nic: &Nic) -> Self {
        let [.., high, low] = machine.to_be_bytes();
        let mac_address = format!("00:16:3e:{high:02x}:{low:02x}:{:02x}", number + 1);
        Self::of_device(format!("eth{number}"), mac_address, &nic.address, &nic.cidr)
    }

    /// Makes what a machine shows for a binding to a device with one address.
    pub(crate) fn of_device(
        interface_name: impl Into<String>,
        mac_address: impl Into<String>,
        address: &str,
        cidr: &str,
    ) -> Self {
        let device_address = DeviceAddress {
            hostname: String::new(),
            value: address.to_owned(),
            cidr: cidr.to_owned(),
        };
        let device = Device {
            mac_address: mac_address.into(),
            interface_name: interface_name.into(),
            addresses: vec![device_address],
        };
        Self {
            bind_addresses: vec![device],
            egress_subnets: vec![only(address)],
            ingress_addresses: vec![address.to_owned()],
        }
    }

    /// Returns the first address that the unit can bind to.
    pub(crate) fn bind_address(&self) -> Option<&str> {
        let device = self.bind_addresses.first()?;
        device.addresses.first().map(|address| address.value.as_str())
    }
}

/// What is known about a binding.
pub(crate) enum Network {
    Bound(NetworkInfo),
    /// It has no addresses.
    None,
    /// The charm has no such endpoint.
    UnknownEndpoint,
}

impl Model {
    /// Returns what an endpoint or extra binding of a unit is bound to.
    pub(crate) fn network(&self, unit: &UnitName, binding: &str) -> Network {
        let stated = &self.unit(unit).stated_network;
        if let Some(stated) = stated {
            return stated.get(binding).map_or(Network::None, |info| Network::Bound(info.clone()));
        }
        let metadata = self.application_of(unit).charm.metadata();
        let name: Option<EndpointName> = binding.parse().ok();
        if !name.as_ref().is_some_and(|name| is_binding(metadata, name)) {
            return Network::UnknownEndpoint;
        }
        let space = name.map(|name| self.application_of(unit).bindings.space_of(&name));
        let machine = self.unit(unit).machine.as_ref().and_then(|id| self.machines.get(id));
        let nic = machine.zip(space).and_then(|(machine, space)| {
            let (number, nic) = machine.nic(space)?;
            Some(NetworkInfo::of_nic(machine.number, number, nic))
        });
        nic.map_or(Network::None, Network::Bound)
    }

    /// Returns what Juju writes into a relation for a unit by itself.
    pub(super) fn network_settings(
        &self,
        unit: &UnitName,
        endpoint: &EndpointName,
    ) -> BTreeMap<String, String> {
        let info = match self.network(unit, endpoint.as_str()) {
            Network::Bound(info) => info,
            Network::None | Network::UnknownEndpoint => NetworkInfo::default(),
        };
        let private = &self.unit(unit).private_address;
        let address = info.ingress_addresses.first().unwrap_or(private).clone();
        let egress = match info.egress_subnets.as_slice() {
            [] => only(&address),
            subnets => subnets.join(","),
        };
        let private = self.version.publishes_private_address();
        let private = private.then(|| ("private-address", address.clone()));
        let settings = [("egress-subnets", egress), ("ingress-address", address)];
        let settings = settings.into_iter().chain(private);
        settings.map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Writes into the relations of a unit by which addresses it is reached
    /// now, as Juju does with config-changed.
    pub(super) fn update_network_settings(&mut self, unit: &UnitName) {
        let joined = self.relations.values().filter(|relation| {
            relation.members.contains_key(unit) && relation.units.contains_key(unit)
        });
        let settings: Vec<_> = joined
            .filter_map(|relation| {
                let endpoint = relation.endpoint_of(unit.application())?;
                Some((relation.id, self.network_settings(unit, endpoint)))
            })
            .collect();
        for (id, settings) in settings {
            self.publish(id, unit, &settings);
        }
    }
}

/// Tells whether an application of the charm has an endpoint or an extra
/// binding of that name.
pub(super) fn is_binding(metadata: &CharmMetadata, name: &EndpointName) -> bool {
    name.as_str() == "juju-info"
        || metadata.endpoint(name).is_some()
        || metadata.extra_bindings.contains(name)
}

/// Returns the subnet that has only that address.
fn only(address: &str) -> String {
    if address.contains(':') { format!("{address}/128") } else { format!("{address}/32") }
}
