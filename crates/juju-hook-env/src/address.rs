//! An address, or a host name in its place.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::host_name::{HostName, ParseHostNameError};

/// The address of a machine, or a host name where the cloud gives no address.
///
/// ```
/// use juju_hook_env::Address;
///
/// let address: Address = "10.1.2.3".parse()?;
/// assert_eq!(address.ip(), Some([10, 1, 2, 3].into()));
/// # Ok::<(), juju_hook_env::ParseHostNameError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_enums, reason = "an address is a number or a name")]
pub enum Address {
    /// An address of version 4 or 6.
    Ip(IpAddr),
    /// A host name.
    Name(HostName),
}

impl Address {
    /// Returns the address if it is not a host name.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(ip) => Some(*ip),
            Self::Name(_) => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl FromStr for Address {
    type Err = ParseHostNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(ip) => Ok(Self::Ip(ip)),
            Err(_) => text.parse().map(Self::Name),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tells_addresses_from_names() {
        assert_eq!("fd42::1".parse::<Address>().unwrap().ip(), Some("fd42::1".parse().unwrap()));
        assert_eq!("db.example.com".parse::<Address>().unwrap().ip(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_parses_is_given_back(text in ".*") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
            }
        }

        #[test]
        fn every_address_parses(ip: std::net::IpAddr) {
            prop_assert_eq!(ip.to_string().parse::<Address>(), Ok(Address::Ip(ip)));
        }
    }
}
