//! A subnet.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// A subnet in CIDR notation, such as `10.1.2.0/24` or `fd42::/64`.
///
/// The address is kept as it was written, also if it has bits that the prefix
/// does not cover.
///
/// ```
/// use juju_hook_env::Subnet;
///
/// let subnet: Subnet = "10.1.2.3/32".parse()?;
/// assert_eq!(subnet.prefix_length(), 32);
/// # Ok::<(), juju_hook_env::ParseSubnetError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Subnet {
    address: IpAddr,
    prefix_length: u8,
}

impl Subnet {
    /// Returns the address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Returns the length of the prefix in bits.
    pub fn prefix_length(&self) -> u8 {
        self.prefix_length
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_length)
    }
}

impl FromStr for Subnet {
    type Err = ParseSubnetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseSubnetError { text: text.to_owned(), rule };

        let (address, length) =
            text.split_once('/').ok_or_else(|| reject("it must be `ADDRESS/LENGTH`"))?;
        let address: IpAddr =
            address.parse().map_err(|_| reject("`/` must follow an IPv4 or IPv6 address"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let digits_only = length.bytes().all(|byte| byte.is_ascii_digit());
        let prefix_length = length.parse().ok().filter(|&length| digits_only && length <= longest);
        let prefix_length = prefix_length
            .ok_or_else(|| reject("the length must be at most 32 for IPv4 and 128 for IPv6"))?;
        Ok(Self { address, prefix_length })
    }
}

/// The text is no [`Subnet`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid subnet `{text}`: {rule}")]
pub struct ParseSubnetError {
    text: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_what_is_wrong() {
        #[track_caller]
        fn check(text: &str, rule: &str) {
            let error = text.parse::<Subnet>().unwrap_err();
            assert_eq!(error.to_string(), format!("invalid subnet `{text}`: {rule}"));
        }

        let length = "the length must be at most 32 for IPv4 and 128 for IPv6";
        check("", "it must be `ADDRESS/LENGTH`");
        check("db/32", "`/` must follow an IPv4 or IPv6 address");
        check("10.0.0.0/33", length);
        check("10.0.0.0/+8", length);
        check("fd42::/129", length);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_parses_is_given_back(text in r"(\PC*|[0-9a-f:.]*)/[0-9]{0,3}") {
            if let Ok(subnet) = text.parse::<Subnet>() {
                prop_assert_eq!(subnet.to_string().parse::<Subnet>(), Ok(subnet));
            }
        }

        #[test]
        fn every_subnet_parses(address: IpAddr, length in 0u8..=32) {
            let subnet: Subnet = format!("{address}/{length}").parse().unwrap();
            prop_assert_eq!((subnet.address(), subnet.prefix_length()), (address, length));
        }
    }
}
