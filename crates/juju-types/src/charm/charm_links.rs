//! The links of `charmcraft.yaml`.

use crate::charm::spot::Spot;
use crate::yaml::{Node, Value};

/// Where to find out more about a charm, as `links` says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CharmLinks {
    /// Who looks after it.
    pub contact: Vec<String>,
    /// Where its documentation is.
    pub documentation: Option<String>,
    /// Where to report what is wrong.
    pub issues: Vec<String>,
    /// Where its source is.
    pub source: Vec<String>,
    /// Where to read about it.
    pub website: Vec<String>,
}

impl CharmLinks {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let fields = spot.fields()?.skipping_null();
        fields.refuse_unknown(&["contact", "documentation", "issues", "source", "website"]);

        let links = |key| {
            let Some(spot) = fields.get(key) else { return Vec::new() };
            match &spot.node().value {
                Value::Sequence(_) => spot.texts(),
                _ => spot.text().map(str::to_owned).into_iter().collect(),
            }
        };
        Some(Self {
            contact: links("contact"),
            documentation: fields.text("documentation"),
            issues: links("issues"),
            source: links("source"),
            website: links("website"),
        })
    }

    /// Returns the entries of `metadata.yaml` that say the same.
    pub(super) fn to_metadata(&self) -> Vec<(&'static str, Node)> {
        let list = |links: &[String]| Node::sequence(links.iter().map(|link| Node::text(link)));
        let lists = [
            ("issues", &self.issues),
            ("maintainers", &self.contact),
            ("source", &self.source),
            ("website", &self.website),
        ];
        let docs = self.documentation.iter().map(|link| ("docs", Node::text(link)));
        let lists = lists.into_iter().filter(|(_, links)| !links.is_empty());
        docs.chain(lists.map(|(key, links)| (key, list(links)))).collect()
    }
}
