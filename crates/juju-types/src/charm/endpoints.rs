//! The endpoints of all roles.

use std::collections::BTreeMap;

use crate::charm::endpoint_definition::EndpointDefinition;
use crate::charm::fields::Fields;
use crate::charm::reserved::refuse_reserved;
use crate::{EndpointName, RelationRole, RelationScope};

/// Reads `peers`, `provides` and `requires`, in the order of the text.
pub(super) fn read_endpoints(
    metadata: &Fields<'_>,
    is_subordinate: bool,
) -> BTreeMap<EndpointName, EndpointDefinition> {
    let charm_name = metadata.get("name").and_then(|name| name.quiet_text()).unwrap_or_default();
    // Also those that are wrong in some other way.
    let mut roles = BTreeMap::new();
    let mut endpoints = BTreeMap::new();
    for (key, section) in metadata.iter() {
        let role = match key {
            "peers" => RelationRole::Peer,
            "provides" => RelationRole::Provider,
            "requires" => RelationRole::Requirer,
            _ => continue,
        };
        let Some(section) = section.fields() else { continue };
        for (name, spot) in section.iter() {
            if let Some(first) = roles.get(name) {
                spot.fault(format_args!("`{name}` is already an endpoint, a {first}"));
            }
            roles.entry(name).or_insert(role);

            let endpoint_name = spot.parse_text(name);
            let Some(endpoint) = EndpointDefinition::read(&spot, role) else { continue };
            // The way to `juju-info`, which every application provides.
            if !(is_subordinate && is_bound_to_principal(&endpoint)) {
                refuse_reserved(&spot, "endpoint", name, charm_name);
            }
            if role != RelationRole::Requirer {
                let interface = endpoint.interface.as_str();
                refuse_reserved(&spot, "interface", interface, charm_name);
            }
            if let Some(name) = endpoint_name {
                endpoints.insert(name, endpoint);
            }
        }
    }
    if is_subordinate
        && !endpoints.values().any(is_bound_to_principal)
        && let Some(subordinate) = metadata.get("subordinate")
    {
        subordinate.fault("a subordinate needs an endpoint in `requires` with `scope: container`");
    }
    endpoints
}

/// Tells whether an endpoint is for the unit that a subordinate runs beside.
fn is_bound_to_principal(endpoint: &EndpointDefinition) -> bool {
    endpoint.role == RelationRole::Requirer && endpoint.scope == RelationScope::Container
}
