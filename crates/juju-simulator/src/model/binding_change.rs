use std::collections::BTreeMap;

use juju_types::{CharmMetadata, EndpointName, SpaceName};

use super::Model;
use super::network::is_binding;
use crate::binding_error::BindingError;

/// What is to be bound otherwise than before.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct BindingChange {
    pub(super) default: Option<SpaceName>,
    pub(super) endpoints: BTreeMap<EndpointName, SpaceName>,
}

impl BindingChange {
    /// Reads what `juju bind` takes, such as `db=internal dmz`, for a charm in
    /// a model.
    pub(crate) fn read(
        text: &str,
        metadata: &CharmMetadata,
        model: &Model,
    ) -> Result<Self, BindingError> {
        let mut change = Self::default();
        for binding in text.split_whitespace() {
            let (endpoint, space) = match binding.split_once('=') {
                Some((endpoint, space)) => (Some(endpoint), space),
                None => (None, binding),
            };
            if endpoint == Some("") || space.is_empty() || space.contains('=') {
                return Err(BindingError::Binding { binding: binding.to_owned() });
            }
            let name: Option<SpaceName> = space.parse().ok();
            let name = name.filter(|name| model.space(name).is_some());
            let name = name.ok_or_else(|| BindingError::Space { space: space.to_owned() })?;
            let Some(endpoint) = endpoint else {
                if let Some(default) = change.default.replace(name) {
                    let (space, default) = (space.to_owned(), default.to_string());
                    return Err(BindingError::Default { space, default });
                }
                continue;
            };
            let known: Option<EndpointName> = endpoint.parse().ok();
            let known = known.filter(|name| is_binding(metadata, name));
            let known =
                known.ok_or_else(|| BindingError::Endpoint { endpoint: endpoint.to_owned() })?;
            change.endpoints.insert(known, name);
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use juju_types::{Charm, CharmFiles, JujuVersion};
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<BindingChange, BindingError> {
        let metadata = "{name: web, summary: s, description: d, requires: {db: {interface: sql}}, extra-bindings: {admin: null}}";
        let files = CharmFiles::read(|name| {
            Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
        });
        let charm = Charm::from_files(&files.unwrap()).unwrap();
        let mut model = Model::new("m".parse().unwrap(), JujuVersion::new(3, 6, 28), 0);
        model.add_space("dmz".parse().unwrap(), Vec::new()).unwrap();
        BindingChange::read(text, charm.metadata(), &model)
    }

    #[test]
    fn reads_endpoints_and_the_space_for_the_rest() {
        let change = read(" db=alpha  dmz admin=dmz\njuju-info=dmz").unwrap();
        assert_eq!(change.default.unwrap().as_str(), "dmz");
        let names: Vec<&str> = change.endpoints.keys().map(EndpointName::as_str).collect();
        assert_eq!(names, ["admin", "db", "juju-info"]);
        assert_eq!(read("").unwrap(), BindingChange::default());
    }

    #[test]
    fn quotes_what_is_wrong() {
        let refusal = |text: &str| read(text).unwrap_err();
        insta::assert_snapshot!(refusal("db="), @r#"cannot parse binding "db=": it must be `ENDPOINT=SPACE` or `SPACE`"#);
        insta::assert_snapshot!(refusal("=dmz"), @r#"cannot parse binding "=dmz": it must be `ENDPOINT=SPACE` or `SPACE`"#);
        insta::assert_snapshot!(refusal("dmz alpha"), @r#"cannot bind to "alpha" by default: "dmz" is the default space already"#);
        insta::assert_snapshot!(refusal("db=nope"), @r#"space "nope" not found"#);
        insta::assert_snapshot!(refusal("web=dmz"), @r#"unknown endpoint "web" not valid"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_panics(text in ".*|((db|admin)?=?(dmz|alpha)? ){0,4}") {
            let _ = read(&text);
        }
    }
}
