use std::collections::{BTreeMap, BTreeSet};

use juju_types::{EndpointName, PortRange};

/// The ports that a unit has opened, each for all endpoints (`None`) or for some.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct OpenedPorts {
    ranges: BTreeMap<PortRange, BTreeSet<Option<EndpointName>>>,
}

impl OpenedPorts {
    /// Opens a range; tells whether it was closed before.
    pub(crate) fn open(&mut self, range: PortRange, endpoint: Option<EndpointName>) -> bool {
        self.ranges.entry(range).or_default().insert(endpoint)
    }

    /// Closes a range for one endpoint, or for all of them; returns for which it was open.
    pub(crate) fn close(
        &mut self,
        range: PortRange,
        endpoint: Option<&EndpointName>,
    ) -> BTreeSet<Option<EndpointName>> {
        let Some(endpoint) = endpoint else {
            return self.ranges.remove(&range).unwrap_or_default();
        };
        let endpoint = Some(endpoint.clone());
        let Some(endpoints) = self.ranges.get_mut(&range) else { return BTreeSet::new() };
        let closed = endpoints.take(&endpoint).into_iter().collect();
        if endpoints.is_empty() {
            self.ranges.remove(&range);
        }
        closed
    }

    /// Returns an open range that shares ports with `range` without being the same.
    pub(crate) fn conflict(&self, range: PortRange) -> Option<PortRange> {
        self.ranges.keys().copied().find(|open| *open != range && open.overlaps(&range))
    }

    pub(crate) fn contains(&self, range: PortRange) -> bool {
        self.ranges.contains_key(&range)
    }

    /// Returns the open ranges in Juju's order, with their endpoints.
    pub(crate) fn iter(
        &self,
    ) -> impl Iterator<Item = (PortRange, &BTreeSet<Option<EndpointName>>)> {
        self.ranges.iter().map(|(range, endpoints)| (*range, endpoints))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_for_all_endpoints_closes_for_each() {
        let db: EndpointName = "db".parse().unwrap();
        let mut ports = OpenedPorts::default();
        assert!(ports.open(PortRange::tcp(80), None));
        assert!(!ports.open(PortRange::tcp(80), None));
        assert!(ports.open(PortRange::tcp(80), Some(db.clone())));
        assert_eq!(ports.close(PortRange::tcp(80), Some(&db)).len(), 1);
        assert!(ports.contains(PortRange::tcp(80)));
        ports.open(PortRange::tcp(80), Some(db));
        assert_eq!(ports.close(PortRange::tcp(80), None).len(), 2);
        assert!(ports.close(PortRange::tcp(80), None).is_empty());
    }

    #[test]
    fn the_same_range_is_no_conflict() {
        let mut ports = OpenedPorts::default();
        ports.open("80-90/tcp".parse().unwrap(), None);
        assert_eq!(ports.conflict("80-90/tcp".parse().unwrap()), None);
        assert_eq!(ports.conflict(PortRange::udp(85)), None);
        assert_eq!(ports.conflict(PortRange::tcp(85)), Some("80-90/tcp".parse().unwrap()));
    }
}
