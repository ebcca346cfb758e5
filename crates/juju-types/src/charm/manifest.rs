//! The file `manifest.yaml`: which bases a package is for.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::charm::spot::Spot;
use crate::charm::supported_base::SupportedBase;
use crate::yaml::{self, Node};
use crate::{Architecture, CharmName};

pub(super) fn read_manifest(spot: &Spot<'_>) -> Vec<SupportedBase> {
    let Some(fields) = spot.fields() else { return Vec::new() };
    fields.warn_of_unknown(&[
        "analysis",
        "bases",
        "charmcraft-started-at",
        "charmcraft-version",
        "image-info",
    ]);

    let Some(list) = fields.required("bases") else { return Vec::new() };
    if let yaml::Value::Sequence(items) = &list.node().value
        && items.is_empty()
    {
        list.fault("name a base; Juju 4 refuses a charm without one");
    }
    let mut bases = Vec::new();
    for item in list.items() {
        let Some(base) = SupportedBase::read(&item) else { continue };
        warn_of_foreign(&item, &base);
        bases.push(base);
    }
    bases
}

/// Warns of a base that Juju no longer knows.
pub(super) fn warn_of_foreign(spot: &Spot<'_>, base: &SupportedBase) {
    if base.base.name() != "ubuntu" {
        spot.warn(format_args!(
            "Juju 4 does not know the base `{}`, only those of Ubuntu",
            base.base
        ));
    }
}

/// Writes the manifest of a package.
///
/// It has no times and no versions in it: the same charm, the same bytes.
pub(super) fn write_manifest(bases: &[SupportedBase]) -> String {
    let attribute =
        |name| Node::mapping([("name", Node::text(name)), ("result", Node::text("unknown"))]);
    let attributes = Node::sequence(["language", "framework"].map(attribute));
    yaml::write(&Node::mapping([
        ("analysis", Node::mapping([("attributes", attributes)])),
        ("bases", Node::sequence(bases.iter().map(SupportedBase::to_node))),
    ]))
}

/// Returns the bases of a package that is built for `architectures` only.
pub(super) fn restrict(
    bases: &[SupportedBase],
    architectures: &BTreeSet<Architecture>,
) -> Vec<SupportedBase> {
    let restricted = bases.iter().map(|base| SupportedBase {
        architectures: Some(match &base.architectures {
            None => architectures.clone(),
            Some(supported) => supported & architectures,
        }),
        base: base.base.clone(),
    });
    restricted
        .filter(|base| base.architectures.as_ref().is_some_and(|list| !list.is_empty()))
        .collect()
}

/// The charm is not meant for the architecture that it is packed for; the
/// message names both.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "cannot pack the charm `{charm}` for `{architecture}`: it declares only {}; add the \
     architecture to its platforms or bases",
    list(.declared)
)]
pub struct UnsupportedArchitectureError {
    pub(super) architecture: Architecture,
    pub(super) charm: CharmName,
    pub(super) declared: BTreeSet<Architecture>,
}

fn list(architectures: &BTreeSet<Architecture>) -> String {
    if architectures.is_empty() {
        return "architectures that Juju does not support".to_owned();
    }
    let names: Vec<_> = architectures.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
