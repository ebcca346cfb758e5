//! The file `charmcraft.yaml` as a whole: it may stand for all the others.

use crate::charm::charm_metadata::CharmMetadata;
use crate::charm::charmcraft::Charmcraft;
use crate::charm::fields::Fields;
use crate::charm::spot::Spot;
use crate::yaml::Node;

/// The file: its keys, and what those say of building.
pub(super) struct CharmcraftYaml<'a> {
    pub(super) fields: Fields<'a>,
    pub(super) building: Charmcraft,
}

impl<'a> CharmcraftYaml<'a> {
    /// Reads the file, in which a key without a value is no key.
    pub(super) fn read(spot: &Spot<'a>) -> Option<Self> {
        let fields = spot.fields()?.skipping_null();
        fields.refuse_unknown(&[COPIED.as_slice(), BUILDING.as_slice()].concat());
        check_tools(&fields);
        let building = Charmcraft::read(&fields);
        Some(Self { fields, building })
    }

    /// Reads what the file says of the charm itself.
    pub(super) fn metadata(&self) -> Option<CharmMetadata> {
        check_lengths(&self.fields);
        let metadata = CharmMetadata::read(&self.fields)?;
        let links = self.building.links.clone();
        Some(CharmMetadata {
            display_name: self.building.title.clone(),
            documentation: links.documentation,
            issues: links.issues,
            maintainers: links.contact,
            source: links.source,
            website: links.website,
            ..metadata
        })
    }

    /// Returns the `metadata.yaml` that says the same as the file.
    pub(super) fn metadata_node(&self) -> Node {
        let copied = |key: &&'static str| Some((*key, self.fields.get(key)?.node().clone()));
        let title = self.building.title.iter().map(|title| ("display-name", Node::text(title)));
        let links = self.building.links.to_metadata();
        let (head, body) = COPIED.split_at(3);
        let head = head.iter().filter_map(copied);
        Node::mapping(head.chain(title).chain(links).chain(body.iter().filter_map(copied)))
    }

    /// Reports what the file says beside a `metadata.yaml`, which is packed as
    /// it is: said twice, or lost.
    pub(super) fn check_beside(&self, metadata: &Fields<'_>) {
        for key in COPIED {
            let Some(spot) = self.fields.get(key) else { continue };
            if metadata.get(key).is_some() {
                spot.fault(format_args!("`{key}` is in metadata.yaml too; keep one of the two"));
            } else {
                spot.fault(format_args!(
                    "`{key}` would be lost beside a metadata.yaml; move it there"
                ));
            }
        }
        for key in ["links", "title"] {
            if let Some(spot) = self.fields.get(key) {
                spot.warn(format_args!("`{key}` is not packed beside a metadata.yaml"));
            }
        }
        check_lengths(metadata);
    }
}

/// Reports what charmcraft, but not Juju, refuses in the name and the summary.
fn check_lengths(fields: &Fields<'_>) {
    for (key, longest) in [("name", 40), ("summary", 200)] {
        let Some(spot) = fields.get(key) else { continue };
        let length = spot.quiet_text().unwrap_or_default().chars().count();
        if length > longest {
            spot.fault(format_args!(
                "the {key} has {length} characters, and charmcraft allows {longest}"
            ));
        }
    }
}

/// Reports what charmcraft refuses in keys that matter to its tools only.
fn check_tools(fields: &Fields<'_>) {
    if let Some(charmhub) = fields.get("charmhub") {
        charmhub.warn("charmcraft no longer reads `charmhub`");
    }
    if let Some(extensions) = fields.get("extensions") {
        extensions.warn("what extensions of charmcraft add to the charm is not known here");
    }
    if let Some(analysis) = fields.get("analysis").and_then(|analysis| analysis.fields()) {
        analysis.refuse_unknown(&["ignore"]);
        if let Some(ignore) = analysis.get("ignore").and_then(|ignore| ignore.fields()) {
            ignore.refuse_unknown(&["attributes", "linters"]);
            for (_, names) in ignore.iter() {
                names.texts();
            }
        }
    }
    for lib in fields.items("charm-libs") {
        let Some(lib) = lib.fields() else { continue };
        lib.refuse_unknown(&["lib", "version"]);
        for key in ["lib", "version"] {
            lib.required(key).and_then(|spot| spot.text());
        }
    }
}

/// What is copied into `metadata.yaml`, in the order in which it is written.
const COPIED: [&str; 15] = [
    "name",
    "summary",
    "description",
    "assumes",
    "charm-user",
    "containers",
    "devices",
    "extra-bindings",
    "peers",
    "provides",
    "requires",
    "resources",
    "storage",
    "subordinate",
    "terms",
];

/// What is for charmcraft alone, or goes to other files.
const BUILDING: [&str; 16] = [
    "actions",
    "adopt-info",
    "analysis",
    "base",
    "bases",
    "build-base",
    "charm-libs",
    "charmhub",
    "config",
    "extensions",
    "links",
    "package-repositories",
    "parts",
    "platforms",
    "title",
    "type",
];
