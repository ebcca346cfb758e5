//! The relation that an event is about.

use crate::application_name::ApplicationName;
use crate::endpoint_name::EndpointName;
use crate::relation_id::RelationId;

/// The relation that an event is about.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct RelationContext {
    /// The charm's own endpoint.
    pub endpoint: EndpointName,
    /// The relation.
    pub id: RelationId,
    /// The remote application; in a peer relation the unit's own.
    ///
    /// Juju itself always names it (2.7 and later). A run through `juju-exec`
    /// knows it only from the remote unit, and not at all without one.
    pub application: Option<ApplicationName>,
}

impl RelationContext {
    /// Describes the relation `id` of `endpoint` with `application`.
    pub fn new(
        endpoint: EndpointName,
        id: RelationId,
        application: Option<ApplicationName>,
    ) -> Self {
        Self { endpoint, id, application }
    }
}
