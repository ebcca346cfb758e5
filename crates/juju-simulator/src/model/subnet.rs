use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A subnet, of which all that is behind the prefix is zero.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Subnet {
    network: IpAddr,
    prefix: u8,
}

impl Subnet {
    /// How many addresses of a subnet are given to machines, at most.
    const CAPACITY: u128 = 250;

    /// Makes `10.0.NUMBER.0/24`.
    pub(super) fn of_alpha(number: u8) -> Self {
        Self { network: Ipv4Addr::new(10, 0, number, 0).into(), prefix: 24 }
    }

    /// Returns how many machines can have an address in the subnet.
    pub(super) fn capacity(&self) -> u32 {
        // Neither the network itself nor, in IPv4, the broadcast address.
        let (free, reserved) = match self.network {
            IpAddr::V4(_) => (32 - self.prefix, 2),
            IpAddr::V6(_) => (128 - self.prefix, 1),
        };
        let hosts = 1_u128.checked_shl(free.into()).unwrap_or(u128::MAX).saturating_sub(reserved);
        u32::try_from(hosts.min(Self::CAPACITY)).unwrap_or_default()
    }

    /// Returns the address at an index below the capacity.
    pub(super) fn address(&self, index: u32) -> IpAddr {
        match self.network {
            IpAddr::V4(network) => Ipv4Addr::from_bits(network.to_bits() + 1 + index).into(),
            IpAddr::V6(network) => {
                Ipv6Addr::from_bits(network.to_bits() + 1 + u128::from(index)).into()
            }
        }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        masked(address, self.prefix) == Some(self.network)
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.contains(other.network) || other.contains(self.network)
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

impl FromStr for Subnet {
    type Err = NotASubnet;

    fn from_str(cidr: &str) -> Result<Self, Self::Err> {
        let (network, prefix) = cidr.split_once('/').ok_or(NotASubnet)?;
        let network = network.parse().map_err(|_| NotASubnet)?;
        let prefix = prefix.parse().map_err(|_| NotASubnet)?;
        if masked(network, prefix) == Some(network) {
            Ok(Self { network, prefix })
        } else {
            Err(NotASubnet)
        }
    }
}

/// The text is no subnet.
#[derive(Debug)]
pub(crate) struct NotASubnet;

/// Makes all zero that is behind the prefix, if the prefix is not too long.
fn masked(address: IpAddr, prefix: u8) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => {
            let free = 32_u32.checked_sub(prefix.into())?;
            let mask = u32::MAX.checked_shl(free).unwrap_or(0);
            Some(Ipv4Addr::from_bits(address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let free = 128_u32.checked_sub(prefix.into())?;
            let mask = u128::MAX.checked_shl(free).unwrap_or(0);
            Some(Ipv6Addr::from_bits(address.to_bits() & mask).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_its_addresses() {
        let addresses = |cidr: &str| {
            let subnet: Subnet = cidr.parse().unwrap();
            let last = subnet.address(subnet.capacity() - 1);
            format!("{} {last}", subnet.address(0))
        };
        assert_eq!(addresses("10.1.2.0/24"), "10.1.2.1 10.1.2.250");
        assert_eq!(addresses("10.1.2.16/28"), "10.1.2.17 10.1.2.30");
        assert_eq!(addresses("0.0.0.0/0"), "0.0.0.1 0.0.0.250");
        assert_eq!(addresses("fd00:1::/64"), "fd00:1::1 fd00:1::fa");
        assert_eq!("10.0.0.1/32".parse::<Subnet>().unwrap().capacity(), 0);
    }

    #[test]
    fn refuses_what_is_no_subnet() {
        for text in ["", "10.0.0.0", "10.0.0.1/24", "10.0.0.0/33", "fd00::/129", "x/8", "10.0.0.0/"]
        {
            assert!(text.parse::<Subnet>().is_err(), "{text}");
        }
    }

    #[test]
    fn overlaps_what_is_within_it() {
        let subnet = |cidr: &str| cidr.parse::<Subnet>().unwrap();
        assert!(subnet("10.0.0.0/16").overlaps(&subnet("10.0.3.0/24")));
        assert!(subnet("10.0.3.0/24").overlaps(&subnet("10.0.0.0/16")));
        assert!(!subnet("10.0.3.0/24").overlaps(&subnet("10.0.4.0/24")));
        assert!(!subnet("10.0.3.0/24").contains("fd00::1".parse().unwrap()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics_and_reads_what_it_writes(text in ".*|[0-9a-f:.]{0,12}/[0-9]{0,3}") {
            if let Ok(subnet) = text.parse::<Subnet>() {
                prop_assert_eq!(subnet.to_string().parse::<Subnet>().unwrap(), subnet.clone());
                if subnet.capacity() > 0 {
                    prop_assert!(subnet.contains(subnet.address(subnet.capacity() - 1)));
                }
            }
        }
    }
}
