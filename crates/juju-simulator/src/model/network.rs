use juju_types::{EndpointName, UnitName};
use serde::{Deserialize, Serialize};

use super::Model;

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
    /// Makes what a machine with one device shows for every binding.
    pub(crate) fn of_address(address: &str, cidr: &str, mac_address: &str) -> Self {
        let device_address = DeviceAddress {
            hostname: String::new(),
            value: address.to_owned(),
            cidr: cidr.to_owned(),
        };
        let device = Device {
            mac_address: mac_address.to_owned(),
            interface_name: "eth0".to_owned(),
            addresses: vec![device_address],
        };
        Self {
            bind_addresses: vec![device],
            egress_subnets: vec![format!("{address}/32")],
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
        let is_known = name.is_some_and(|name| {
            name.as_str() == "juju-info"
                || metadata.endpoint(&name).is_some()
                || metadata.extra_bindings.contains(&name)
        });
        if !is_known {
            return Network::UnknownEndpoint;
        }
        let address = &self.unit(unit).private_address;
        let subnet = match address.rsplit_once('.') {
            Some((network, _)) => format!("{network}.0/24"),
            None => String::new(),
        };
        Network::Bound(NetworkInfo::of_address(address, &subnet, "00:16:3e:00:00:01"))
    }
}
