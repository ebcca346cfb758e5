//! An opened port.

use juju_types::PortRange;

use super::port_scope::PortScope;

/// An opened port or range of ports.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OpenedPort {
    /// The ports.
    pub range: PortRange,
    /// Which endpoints they are open for.
    pub scope: PortScope,
}

impl OpenedPort {
    /// Describes `range`, open for `scope`.
    pub fn new(range: PortRange, scope: PortScope) -> Self {
        Self { range, scope }
    }

    /// Reads `80/tcp (*)`, `53/udp (a, b)`, or `80/tcp`, as Juju writes them.
    pub(super) fn read(line: &str) -> Option<Self> {
        let (range, endpoints) = match line.split_once(" (") {
            Some((range, endpoints)) => (range, endpoints.strip_suffix(')')?),
            None => (line, "*"),
        };
        let scope = if endpoints == "*" {
            PortScope::AllEndpoints
        } else {
            let names = endpoints.split(", ").map(str::parse);
            PortScope::Endpoints(names.collect::<Result<_, _>>().ok()?)
        };
        Some(Self::new(range.parse().ok()?, scope))
    }
}
