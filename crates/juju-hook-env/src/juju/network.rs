//! Addresses.

use std::net::IpAddr;

use juju_types::{EndpointName, RelationId};
use serde::Deserialize;

use super::Juju;
use crate::address::Address;
use crate::error::ToolError;
use crate::host_name::HostName;
use crate::json_text::{OptionalText, Text};
use crate::memo::Memo;
use crate::subnet::Subnet;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of addresses.
#[derive(Debug, Default)]
pub(super) struct Memos {
    networks: Memo<(EndpointName, Option<RelationId>), Network>,
    unit_addresses: Memo<UnitAddress, Address>,
}

/// The addresses of an endpoint or extra binding.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Network {
    /// What to listen on, by network interface.
    pub bind_addresses: Vec<BindAddress>,
    /// Where connections to other applications come from.
    pub egress_subnets: Vec<Subnet>,
    /// Where others reach this unit, the best first.
    pub ingress_addresses: Vec<Address>,
}

impl Network {
    /// Returns the address to listen on: the first of the first interface.
    pub fn bind_address(&self) -> Option<&Address> {
        let mut addresses = self.bind_addresses.iter().flat_map(|bound| &bound.addresses);
        addresses.next().map(|address| &address.value)
    }

    /// Returns the address to tell others.
    pub fn ingress_address(&self) -> Option<&Address> {
        self.ingress_addresses.first()
    }

    /// Returns the first of the ingress addresses that is not a host name.
    pub fn ingress_ip(&self) -> Option<IpAddr> {
        self.ingress_addresses.iter().find_map(Address::ip)
    }
}

/// The addresses of one network interface.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct BindAddress {
    /// The hardware address of the interface; absent on Kubernetes.
    pub mac_address: Option<String>,
    /// The name of the interface, such as `eth0`; absent on Kubernetes.
    pub interface_name: Option<String>,
    /// Its addresses.
    pub addresses: Vec<NetworkAddress>,
}

/// One address of a network interface.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NetworkAddress {
    /// The address.
    pub value: Address,
    /// The name that the address was found by, if any.
    pub host_name: Option<HostName>,
    /// The subnet of the address, if it is known.
    pub subnet: Option<Subnet>,
}

impl NetworkAddress {
    /// Describes an address of which nothing else is known.
    pub fn new(value: Address) -> Self {
        Self { value, host_name: None, subnet: None }
    }
}

/// Which address [`Juju::unit_get`] is to return.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "the tool knows these two and no other")]
pub enum UnitAddress {
    /// The address within the cloud.
    Private,
    /// The address that the world sees.
    Public,
}

impl Juju {
    /// Returns the addresses of an endpoint, or of one of the charm's extra
    /// bindings.
    ///
    /// Wraps the hook tool [`network-get`]. It is asked once in a hook for
    /// each binding.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if the charm has no such binding, or
    /// there is no address for it (yet).
    ///
    /// [`network-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/network-get/
    pub fn network_get(&self, binding: &EndpointName) -> Result<Network, ToolError> {
        self.network(binding, None)
    }

    /// Returns the addresses of an endpoint towards one relation, which differ
    /// for a relation with another model.
    ///
    /// Wraps the hook tool [`network-get`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if there is no such relation, or no
    /// address for it (yet).
    ///
    /// [`network-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/network-get/
    pub fn network_get_for(
        &self,
        endpoint: &EndpointName,
        relation: &RelationId,
    ) -> Result<Network, ToolError> {
        self.network(endpoint, Some(relation))
    }

    /// Returns an address of the unit. [`Juju::network_get`] is to be
    /// preferred: a unit can have several addresses.
    ///
    /// Wraps the hook tool [`unit-get`]. It is asked once in a hook for each
    /// kind.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] if the unit has no such address (yet).
    ///
    /// [`unit-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/unit-get/
    pub fn unit_get(&self, which: UnitAddress) -> Result<Address, ToolError> {
        self.network.unit_addresses.get_or_ask(&which, || {
            let setting = match which {
                UnitAddress::Private => "private-address",
                UnitAddress::Public => "public-address",
            };
            let call = ToolCall::new(HookTool::UnitGet, [setting, "--format=json"]);
            self.ask_json(&call, "an address").map(|Text(address)| address)
        })
    }

    fn network(
        &self,
        binding: &EndpointName,
        relation: Option<&RelationId>,
    ) -> Result<Network, ToolError> {
        self.network.networks.get_or_ask(&(binding.clone(), relation.cloned()), || {
            let mut args = vec![binding.to_string(), "--format=json".to_owned()];
            if let Some(relation) = relation {
                args.extend(["-r".to_owned(), relation.to_string()]);
            }
            let call = ToolCall::new(HookTool::NetworkGet, args);
            let network: NetworkJson = self.ask_json(&call, "an object of addresses")?;
            Ok(network.into())
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct NetworkJson {
    bind_addresses: Option<Vec<BindAddressJson>>,
    egress_subnets: Option<Vec<Text<Subnet>>>,
    ingress_addresses: Option<Vec<OptionalText<Address>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct BindAddressJson {
    #[serde(default)]
    mac_address: OptionalText<String>,
    #[serde(default)]
    interface_name: OptionalText<String>,
    addresses: Option<Vec<NetworkAddressJson>>,
}

#[derive(Deserialize)]
struct NetworkAddressJson {
    #[serde(default)]
    value: OptionalText<Address>,
    #[serde(default, rename = "hostname")]
    host_name: OptionalText<HostName>,
    #[serde(default, rename = "cidr")]
    subnet: OptionalText<Subnet>,
}

impl From<NetworkJson> for Network {
    fn from(network: NetworkJson) -> Self {
        let NetworkJson { bind_addresses, egress_subnets, ingress_addresses } = network;
        Self {
            bind_addresses: bind_addresses.into_iter().flatten().map(Into::into).collect(),
            egress_subnets: egress_subnets.into_iter().flatten().map(|subnet| subnet.0).collect(),
            ingress_addresses: ingress_addresses
                .into_iter()
                .flatten()
                .filter_map(|a| a.0)
                .collect(),
        }
    }
}

impl From<BindAddressJson> for BindAddress {
    fn from(bound: BindAddressJson) -> Self {
        let addresses = bound.addresses.into_iter().flatten().filter_map(|address| {
            Some(NetworkAddress {
                value: address.value.0?,
                host_name: address.host_name.0,
                subnet: address.subnet.0,
            })
        });
        Self {
            mac_address: bound.mac_address.0,
            interface_name: bound.interface_name.0,
            addresses: addresses.collect(),
        }
    }
}
