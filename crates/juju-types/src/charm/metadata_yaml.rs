//! The file `metadata.yaml`, with its keys that Juju does not read.

use crate::charm::charm_metadata::CharmMetadata;
use crate::charm::fields::Fields;
use crate::charm::spot::Spot;
use crate::yaml::Value;

pub(super) fn read_metadata_yaml(fields: &Fields<'_>) -> Option<CharmMetadata> {
    fields.warn_of_unknown(&KEYS);
    let metadata = CharmMetadata::read(fields);
    // They say nothing any more, but Juju 3 refuses what is no number.
    for key in ["format", "revision"] {
        fields.get(key).and_then(|number| number.integer());
    }
    let one = |key| read_link(fields, key).into_iter().next();
    // Charmhub still takes the old key for one maintainer.
    let maintainers = ["maintainer", "maintainers"].map(|key| read_link(fields, key)).concat();
    Some(CharmMetadata {
        display_name: one("display-name"),
        documentation: one("docs"),
        issues: read_link(fields, "issues"),
        maintainers,
        source: read_link(fields, "source"),
        website: read_link(fields, "website"),
        ..metadata?
    })
}

/// Reports what `metadata.yaml` must not have together with bases in the
/// manifest, or without them.
pub(super) fn check_format(fields: &Fields<'_>, declares_bases: bool) {
    let mut needs_bases = false;
    for key in ["assumes", "charm-user", "containers"] {
        let Some(spot) = fields.get(key) else { continue };
        needs_bases = true;
        if !declares_bases {
            spot.fault(format_args!("a charm with `{key}` needs a manifest.yaml with `bases`"));
        }
    }
    for key in ["deployment", "min-juju-version", "series"] {
        if let Some(spot) = fields.get(key)
            && (declares_bases || needs_bases)
        {
            spot.fault(format_args!("a charm with bases in its manifest must not have `{key}`"));
        }
    }
    if !declares_bases && !needs_bases {
        fields.spot().warn(
            "no base is declared, and Juju 4 refuses such a charm; write a manifest.yaml with \
             `bases`, or a charmcraft.yaml with `base` and `platforms`",
        );
    }
}

/// Reads what Juju ignores, and so never refuses: text, or a list of texts.
fn read_link(fields: &Fields<'_>, key: &str) -> Vec<String> {
    let Some(spot) = fields.get(key) else { return Vec::new() };
    let texts: Option<Vec<_>> = match &spot.node().value {
        Value::Sequence(_) => spot.items().iter().map(Spot::quiet_text).collect(),
        _ => spot.quiet_text().map(|text| vec![text]),
    };
    if texts.is_none() {
        spot.warn("expected text, or a list of texts");
    }
    texts.unwrap_or_default().into_iter().map(str::to_owned).collect()
}

const KEYS: [&str; 31] = [
    "assumes",
    "categories",
    "charm-user",
    "containers",
    "deployment",
    "description",
    "devices",
    "display-name",
    "docs",
    "extra-bindings",
    "format",
    "issues",
    "links",
    "maintainer",
    "maintainers",
    "min-juju-version",
    "name",
    "payloads",
    "peers",
    "provides",
    "requires",
    "resources",
    "revision",
    "series",
    "source",
    "storage",
    "subordinate",
    "summary",
    "tags",
    "terms",
    "website",
];
