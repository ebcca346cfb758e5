//! A host and a port on it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use thiserror::Error;

use crate::address::Address;

/// A host and a port on it, such as `10.4.0.5:17070`, `[fd42::1]:17070` or
/// `controller.example.com:17070`.
///
/// ```
/// use juju_hook_env::HostPort;
///
/// let api: HostPort = "[fd42::1]:17070".parse()?;
/// assert_eq!(api.port(), 17070);
/// # Ok::<(), juju_hook_env::ParseHostPortError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HostPort {
    host: Address,
    port: u16,
}

impl HostPort {
    /// Returns the host.
    pub fn host(&self) -> &Address {
        &self.host
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns both as a socket address if the host is not given by name.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        self.host.ip().map(|ip| SocketAddr::new(ip, self.port))
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Address::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]:{}", self.port),
            host => write!(f, "{host}:{}", self.port),
        }
    }
}

impl FromStr for HostPort {
    type Err = ParseHostPortError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseHostPortError { text: text.to_owned(), rule };

        let (host, port) = text.rsplit_once(':').ok_or_else(|| reject("it must be `HOST:PORT`"))?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(ip) => ip.parse().map(|ip| Address::Ip(IpAddr::V6(ip))).ok(),
            None => host.parse().ok().filter(|host| !matches!(host, Address::Ip(IpAddr::V6(_)))),
        };
        let host = host.ok_or_else(|| {
            reject("`:` must follow a host name, an IPv4 address or an IPv6 address in brackets")
        })?;
        let digits_only = port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.parse().ok().filter(|_| digits_only);
        let port = port.ok_or_else(|| reject("the port must be a number from 0 to 65535"))?;
        Ok(Self { host, port })
    }
}

/// The text is no [`HostPort`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid address with port `{text}`: {rule}")]
pub struct ParseHostPortError {
    text: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_addresses_and_names() {
        for text in ["10.4.0.5:17070", "[fd42::1]:17070", "controller.example.com:0"] {
            assert_eq!(text.parse::<HostPort>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        #[track_caller]
        fn check(text: &str, rule: &str) {
            let error = text.parse::<HostPort>().unwrap_err();
            assert_eq!(error.to_string(), format!("invalid address with port `{text}`: {rule}"));
        }

        let host = "`:` must follow a host name, an IPv4 address or an IPv6 address in brackets";
        check("10.4.0.5", "it must be `HOST:PORT`");
        check("fd42::1:17070", host);
        check("[10.4.0.5]:17070", host);
        check(":17070", host);
        check("10.4.0.5:+17", "the port must be a number from 0 to 65535");
        check("10.4.0.5:65536", "the port must be a number from 0 to 65535");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_parses_is_given_back(text in r"(\PC*|\[?[0-9a-f:.]*\]?):[0-9]{1,6}") {
            if let Ok(parsed) = text.parse::<HostPort>() {
                prop_assert_eq!(parsed.to_string().parse::<HostPort>(), Ok(parsed));
            }
        }

        #[test]
        fn every_socket_address_parses(ip: IpAddr, port: u16) {
            let address = SocketAddr::new(ip, port);
            let parsed = address.to_string().parse::<HostPort>().unwrap();
            prop_assert_eq!(parsed.socket_addr(), Some(address));
        }
    }
}
