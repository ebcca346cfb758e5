//! The id of a machine.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{parse_number, string_conversions};

/// The id of a machine, such as `0`, or of a container on one, such as
/// `3/lxd/1`.
///
/// Ids are ordered by their numbers, a machine before its containers.
///
/// ```
/// use juju_types::MachineId;
///
/// let machine: MachineId = "3/lxd/1".parse()?;
/// assert!(machine.is_container());
/// assert_eq!(machine.parent(), Some("3".parse()?));
/// # Ok::<(), juju_types::ParseMachineIdError>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct MachineId {
    // The order of the fields is the order of machines.
    host: u32,
    containers: Vec<Container>,
}

string_conversions!(MachineId);

impl MachineId {
    /// Tells whether this is a container on another machine.
    pub fn is_container(&self) -> bool {
        !self.containers.is_empty()
    }

    /// Returns the machine that this container is on, or nothing for a
    /// machine that is not a container.
    pub fn parent(&self) -> Option<Self> {
        let (_, containers) = self.containers.split_last()?;
        Some(Self { host: self.host, containers: containers.to_vec() })
    }
}

impl fmt::Display for MachineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)?;
        for Container { kind, number } in &self.containers {
            write!(f, "/{kind}/{number}")?;
        }
        Ok(())
    }
}

impl FromStr for MachineId {
    type Err = ParseMachineIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let reject = |rule| ParseMachineIdError { id: id.to_owned(), rule };
        let number = |text| {
            parse_number(text).ok_or_else(|| reject("machines have numbers without leading zeros"))
        };

        let mut parts = id.split('/');
        let host = number(parts.next().unwrap_or_default())?;
        let mut containers = Vec::new();
        while let Some(kind) = parts.next() {
            if kind.is_empty() || kind.contains(|c: char| !c.is_ascii_lowercase()) {
                return Err(reject("a kind of container consists of lower-case letters"));
            }
            let number = number(parts.next().unwrap_or_default())?;
            containers.push(Container { kind: kind.to_owned(), number });
        }
        Ok(Self { host, containers })
    }
}

/// The text is no [`MachineId`]; the message quotes it and says which rule it breaks.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("invalid machine id `{id}`: {rule}")]
pub struct ParseMachineIdError {
    id: String,
    rule: &'static str,
}

#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
struct Container {
    kind: String,
    number: u32,
}

#[cfg(test)]
mod tests {
    use super::MachineId;
    use crate::text::refusals;

    #[test]
    fn quotes_the_text_and_the_rule() {
        let texts = ["", "00", "0/lxd", "0/LXD/1", "0/"];
        insta::assert_snapshot!(refusals::<MachineId>(&texts), @r"
        invalid machine id ``: machines have numbers without leading zeros
        invalid machine id `00`: machines have numbers without leading zeros
        invalid machine id `0/lxd`: machines have numbers without leading zeros
        invalid machine id `0/LXD/1`: a kind of container consists of lower-case letters
        invalid machine id `0/`: a kind of container consists of lower-case letters
        ");
    }

    #[test]
    fn orders_by_number_with_containers_after_their_machine() {
        let mut machines =
            ["10", "2/lxd/10", "2/lxd/2", "2"].map(|id| id.parse::<MachineId>().unwrap());
        machines.sort();
        assert_eq!(machines.map(|id| id.to_string()), ["2", "2/lxd/2", "2/lxd/10", "10"]);
    }

    #[test]
    fn knows_the_machine_below_a_container() {
        let nested: MachineId = "3/lxd/1/kvm/0".parse().unwrap();
        let parent = nested.parent().unwrap();
        assert_eq!(parent.to_string(), "3/lxd/1");
        assert!(parent.is_container());
        let machine = parent.parent().unwrap();
        assert!(!machine.is_container());
        assert_eq!(machine.parent(), None);
    }
}
