//! A base that a charm supports.

use std::collections::BTreeSet;

use crate::charm::spot::Spot;
use crate::yaml::Node;
use crate::{Architecture, CharmBase};

/// A base that a charm runs on, and on which architectures.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SupportedBase {
    /// The architectures; `None` is all of them.
    pub architectures: Option<BTreeSet<Architecture>>,
    /// The base.
    pub base: CharmBase,
}

impl SupportedBase {
    /// Supports a base on every architecture.
    pub fn new(base: CharmBase) -> Self {
        Self { architectures: None, base }
    }

    /// Reads `{name, channel, architectures}`.
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["architectures", "channel", "name"]);

        let architectures = fields.get("architectures").and_then(|list| read_architectures(&list));
        let name = fields.required("name").and_then(|name| name.text());
        let channel = fields.required("channel").and_then(|channel| channel.text());
        let base = spot.parse_text(&format!("{}@{}", name?, channel?))?;
        Some(Self { architectures, base })
    }

    /// Returns what `manifest.yaml` says of the base.
    pub(super) fn to_node(&self) -> Node {
        let name = ("name", Node::text(self.base.name()));
        let channel = ("channel", Node::text(&self.base.channel().to_string()));
        let architectures = self.architectures.as_ref().map(|architectures| {
            let names = architectures.iter().map(|architecture| Node::text(architecture.as_str()));
            ("architectures", Node::sequence(names))
        });
        Node::mapping([name, channel].into_iter().chain(architectures))
    }
}

/// Reads a list of architectures, without those that Juju leaves out.
fn read_architectures(spot: &Spot<'_>) -> Option<BTreeSet<Architecture>> {
    let items = spot.items();
    let mut architectures = BTreeSet::new();
    // Juju takes an empty list for none.
    let mut is_all = items.is_empty();
    for item in items {
        match item.text() {
            // Charmcraft writes this for charms that run everywhere.
            Some("all") => {
                item.warn("Juju 4 does not know the architecture `all`; name those that are meant");
                is_all = true;
            }
            Some(name) => match parse_architecture(name) {
                Some(architecture) => {
                    architectures.insert(architecture);
                }
                None => item.warn(format_args!("Juju does not support the architecture `{name}`")),
            },
            None => {}
        }
    }
    if is_all { None } else { Some(architectures) }
}

/// Reads the name of an architecture, by whichever name Juju takes it.
fn parse_architecture(name: &str) -> Option<Architecture> {
    match name {
        "aarch64" => Some(Architecture::Arm64),
        "ppc64le" => Some(Architecture::Ppc64el),
        "x86_64" => Some(Architecture::Amd64),
        name => name.parse().ok(),
    }
}
