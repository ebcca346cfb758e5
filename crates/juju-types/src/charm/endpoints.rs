//! The endpoints of all roles.

use std::collections::BTreeMap;

use crate::charm::endpoint_definition::EndpointDefinition;
use crate::charm::fields::Fields;
use crate::charm::reserved::refuse_reserved;
use crate::charm::spot::Spot;
use crate::{EndpointName, RelationRole, RelationScope};

/// Reads `peers`, `provides` and `requires`, in the order of the text.
pub(super) fn read_endpoints(
    metadata: &Fields<'_>,
    is_subordinate: bool,
) -> BTreeMap<EndpointName, EndpointDefinition> {
    let charm = Charm {
        name: metadata.get("name").and_then(|name| name.quiet_text()).unwrap_or_default(),
        is_subordinate,
    };
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
            read_endpoint(&mut endpoints, name, &spot, role, &charm);
        }
    }
    let is_bound_to_principal = |endpoint: &EndpointDefinition| {
        endpoint.role == RelationRole::Requirer && endpoint.scope == RelationScope::Container
    };
    if is_subordinate
        && !endpoints.values().any(is_bound_to_principal)
        && let Some(subordinate) = metadata.get("subordinate")
    {
        subordinate.fault("a subordinate needs an endpoint in `requires` with `scope: container`");
    }
    endpoints
}

/// What the rules for endpoints need to know of their charm.
struct Charm<'a> {
    name: &'a str,
    is_subordinate: bool,
}

fn read_endpoint(
    endpoints: &mut BTreeMap<EndpointName, EndpointDefinition>,
    name: &str,
    spot: &Spot<'_>,
    role: RelationRole,
    charm: &Charm<'_>,
) {
    let endpoint_name = spot.parse_text::<EndpointName>(name);
    let Some(endpoint) = EndpointDefinition::read(spot, role) else { return };

    // The way to `juju-info`, which every charm provides without saying so.
    let binds_subordinate = charm.is_subordinate
        && role == RelationRole::Requirer
        && endpoint.scope == RelationScope::Container;
    if !binds_subordinate {
        refuse_reserved(spot, name, charm.name);
    }
    if role != RelationRole::Requirer {
        refuse_reserved(spot, endpoint.interface.as_str(), charm.name);
    }
    let Some(endpoint_name) = endpoint_name else { return };
    if let Some(first) = endpoints.get(&endpoint_name) {
        spot.fault(format_args!("`{name}` is already an endpoint, a {}", first.role));
        return;
    }
    endpoints.insert(endpoint_name, endpoint);
}
