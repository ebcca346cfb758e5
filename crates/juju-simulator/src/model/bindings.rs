use std::collections::BTreeMap;

use juju_types::{EndpointName, SpaceName};

use super::BindingChange;

/// Which space each endpoint of an application is bound to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Bindings {
    /// For the endpoints that are not bound by name.
    default: SpaceName,
    endpoints: BTreeMap<EndpointName, SpaceName>,
}

impl Bindings {
    /// Binds everything to `alpha`.
    pub(super) fn new() -> Self {
        Self { default: SpaceName::alpha(), endpoints: BTreeMap::new() }
    }

    /// Returns the space that an endpoint is bound to.
    pub(crate) fn space_of(&self, endpoint: &EndpointName) -> &SpaceName {
        self.endpoints.get(endpoint).unwrap_or(&self.default)
    }

    /// Returns all spaces that something is bound to, the default first.
    pub(super) fn spaces(&self) -> impl Iterator<Item = &SpaceName> {
        [&self.default].into_iter().chain(self.endpoints.values())
    }

    /// Binds endpoints by name, and the rest to another default. An endpoint
    /// that is where the former default was moves with it, as in Juju.
    pub(crate) fn merge(&mut self, change: &BindingChange) {
        if let Some(default) = &change.default {
            let former = std::mem::replace(&mut self.default, default.clone());
            self.endpoints.retain(|_, space| *space != former);
        }
        self.endpoints.extend(change.endpoints.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_moves_with_the_default_space_unless_it_is_elsewhere() {
        let space = |name: &str| name.parse::<SpaceName>().unwrap();
        let endpoint = |name: &str| name.parse::<EndpointName>().unwrap();
        let change = |default: Option<&str>, endpoints: &[(&str, &str)]| BindingChange {
            default: default.map(space),
            endpoints: endpoints.iter().map(|(name, to)| (endpoint(name), space(to))).collect(),
        };
        let mut bindings = Bindings::new();
        bindings.merge(&change(None, &[("db", "internal"), ("web", "alpha")]));
        bindings.merge(&change(Some("dmz"), &[]));
        let spaces = ["db", "web", "other"].map(|name| bindings.space_of(&endpoint(name)).as_str());
        assert_eq!(spaces, ["internal", "dmz", "dmz"]);
    }
}
