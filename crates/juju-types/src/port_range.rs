//! A range of ports, or ICMP.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::protocol::Protocol;
use crate::text::{parse_number, string_conversions};

/// What a unit can open to the outside: a port or a range of ports of one
/// protocol, such as `80/tcp` or `8000-8005/udp`, or `icmp`.
///
/// Text without a protocol means TCP, as for `open-port`; `Display` always
/// names the protocol. Ranges are ordered as `opened-ports` lists them: by
/// protocol, then by the first port.
///
/// ```
/// use juju_types::PortRange;
///
/// let range: PortRange = "8000-8005/udp".parse()?;
/// assert_eq!(range.ports(), Some(8000..=8005));
/// assert!(range.overlaps(&PortRange::udp(8003)));
/// assert_eq!(PortRange::from(9100).to_string(), "9100/tcp");
/// # Ok::<(), juju_types::ParsePortRangeError>(())
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct PortRange {
    // The order of the fields is the order of ranges. `first <= last`, and
    // both are 0 for ICMP.
    protocol: Protocol,
    first: u16,
    last: u16,
}

string_conversions!(PortRange);

impl PortRange {
    /// Means ICMP, which has no ports.
    pub const fn icmp() -> Self {
        Self { protocol: Protocol::Icmp, first: 0, last: 0 }
    }

    /// Means one TCP port.
    pub const fn tcp(port: u16) -> Self {
        Self { protocol: Protocol::Tcp, first: port, last: port }
    }

    /// Means one UDP port.
    pub const fn udp(port: u16) -> Self {
        Self { protocol: Protocol::Udp, first: port, last: port }
    }

    /// Returns the protocol.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Returns the ports, or nothing for ICMP.
    pub fn ports(&self) -> Option<RangeInclusive<u16>> {
        match self.protocol {
            Protocol::Icmp => None,
            Protocol::Tcp | Protocol::Udp => Some(self.first..=self.last),
        }
    }

    /// Tells whether the two have a port of the same protocol in common, or
    /// are both ICMP. Juju refuses to open a range that overlaps another one.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.protocol == other.protocol && self.first <= other.last && other.first <= self.last
    }
}

impl From<u16> for PortRange {
    /// Means one TCP port, as a bare number does for `open-port`.
    fn from(port: u16) -> Self {
        Self::tcp(port)
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, first, last } = self;
        match protocol {
            Protocol::Icmp => protocol.fmt(f),
            _ if first == last => write!(f, "{first}/{protocol}"),
            _ => write!(f, "{first}-{last}/{protocol}"),
        }
    }
}

impl FromStr for PortRange {
    type Err = ParsePortRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParsePortRangeError { text: text.to_owned(), rule };
        let protocol = |word: &str| {
            word.parse().map_err(|_| reject("the protocol must be `icmp`, `tcp` or `udp`"))
        };
        let port = |number| {
            parse_number(number)
                .and_then(|number| u16::try_from(number).ok())
                .ok_or_else(|| reject("ports are numbers from 0 to 65535"))
        };

        if protocol(text) == Ok(Protocol::Icmp) {
            return Ok(Self::icmp());
        }
        let (ports, protocol) = match text.split_once('/') {
            Some((ports, word)) => (ports, protocol(word)?),
            None => (text, Protocol::Tcp),
        };
        if protocol == Protocol::Icmp {
            return Err(reject("`icmp` has no ports"));
        }
        let (first, last) = match ports.split_once('-') {
            Some((first, last)) => (port(first)?, port(last)?),
            None => (port(ports)?, port(ports)?),
        };
        if first > last {
            return Err(reject("the first port must not be above the last"));
        }
        Ok(Self { protocol, first, last })
    }
}

/// The text is no [`PortRange`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid port range `{text}`: {rule}")]
pub struct ParsePortRangeError {
    text: String,
    rule: &'static str,
}

#[cfg(test)]
mod tests {
    use super::PortRange;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "70000/tcp", "80-", "20-10/tcp", "80/icmp", "80/sctp"];
        insta::assert_snapshot!(refusals::<PortRange>(&texts), @r"
        invalid port range ``: ports are numbers from 0 to 65535
        invalid port range `70000/tcp`: ports are numbers from 0 to 65535
        invalid port range `80-`: ports are numbers from 0 to 65535
        invalid port range `20-10/tcp`: the first port must not be above the last
        invalid port range `80/icmp`: `icmp` has no ports
        invalid port range `80/sctp`: the protocol must be `icmp`, `tcp` or `udp`
        ");
    }

    #[test]
    fn always_prints_the_protocol() {
        for (text, printed) in [
            ("80", "80/tcp"),
            ("80/TCP", "80/tcp"),
            ("80-80/tcp", "80/tcp"),
            ("0", "0/tcp"),
            ("8000-8005/udp", "8000-8005/udp"),
            ("ICMP", "icmp"),
        ] {
            assert_eq!(text.parse::<PortRange>().unwrap().to_string(), printed);
        }
        assert_eq!(PortRange::icmp().to_string(), "icmp");
    }

    #[test]
    fn orders_as_juju_lists_opened_ports() {
        let mut ranges = ["53/udp", "8080-8090/tcp", "80/tcp", "icmp"]
            .map(|text| text.parse::<PortRange>().unwrap());
        ranges.sort();
        assert_eq!(
            ranges.map(|range| range.to_string()),
            ["icmp", "80/tcp", "8080-8090/tcp", "53/udp"]
        );
    }

    #[test]
    fn overlaps_only_within_one_protocol() {
        let range: PortRange = "80-90/tcp".parse().unwrap();
        assert!(range.overlaps(&PortRange::tcp(90)));
        assert!(PortRange::tcp(80).overlaps(&range));
        assert!(!range.overlaps(&PortRange::tcp(91)));
        assert!(!range.overlaps(&PortRange::udp(85)));
        assert!(PortRange::icmp().overlaps(&PortRange::icmp()));
        assert!(!PortRange::icmp().overlaps(&PortRange::tcp(0)));
        assert_eq!(PortRange::icmp().ports(), None);
    }
}
