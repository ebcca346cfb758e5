//! Which endpoints ports are open for.

use std::collections::BTreeSet;

use juju_types::EndpointName;

/// Which endpoints ports are open for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "ports are open for all endpoints or for named ones")]
pub enum PortScope {
    /// For all endpoints.
    AllEndpoints,
    /// For these endpoints.
    Endpoints(BTreeSet<EndpointName>),
}

impl PortScope {
    /// Names one endpoint.
    pub(super) fn only(endpoint: &EndpointName) -> Self {
        Self::Endpoints([endpoint.clone()].into())
    }

    pub(super) fn covers(&self, endpoint: &EndpointName) -> bool {
        match self {
            Self::AllEndpoints => true,
            Self::Endpoints(endpoints) => endpoints.contains(endpoint),
        }
    }
}
