//! What the metadata says of an endpoint.

use crate::charm::spot::Spot;
use crate::{InterfaceName, RelationRole, RelationScope};

/// An endpoint of a charm, as `provides`, `requires` or `peers` defines it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EndpointDefinition {
    /// The interface that the endpoint speaks.
    pub interface: InterfaceName,
    /// How many relations it should have at most, if that is limited.
    pub limit: Option<u32>,
    /// Whether the charm does without a relation; Juju only shows this.
    pub optional: bool,
    /// The section that defines it.
    pub role: RelationRole,
    /// Which units see each other.
    pub scope: RelationScope,
}

impl EndpointDefinition {
    /// Defines an endpoint of which the metadata names nothing but the interface.
    pub fn new(role: RelationRole, interface: InterfaceName) -> Self {
        Self { interface, limit: None, optional: false, role, scope: RelationScope::Global }
    }

    pub(super) fn read(spot: &Spot<'_>, role: RelationRole) -> Option<Self> {
        if spot.is_scalar() {
            return Some(Self::new(role, spot.parse()?));
        }
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["interface", "limit", "optional", "scope"]);

        let limit = fields.get("limit").filter(|limit| !limit.is_null());
        let limit = limit.map(|limit| limit.count());
        let optional = fields.get("optional").map(|optional| optional.boolean());
        let scope = fields.get("scope").map(|scope| scope.parse());
        let interface = fields.required("interface")?.parse()?;
        Some(Self {
            // Zero is how Juju says that there is no limit.
            limit: limit.flatten().filter(|limit| *limit > 0),
            optional: optional.flatten().unwrap_or(false),
            scope: scope.flatten().unwrap_or(RelationScope::Global),
            ..Self::new(role, interface)
        })
    }
}
