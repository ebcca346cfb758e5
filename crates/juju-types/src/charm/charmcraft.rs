//! The file `charmcraft.yaml`, as far as it is about building.

use std::collections::{BTreeMap, BTreeSet};

use crate::charm::build_bases::BuildBases;
use crate::charm::charm_links::CharmLinks;
use crate::charm::fields::Fields;
use crate::charm::known_bases::{is_in_development, read_base, read_build_base, refuse_unknown};
use crate::charm::manifest::warn_of_foreign;
use crate::charm::platform::{ALL, Platform};
use crate::charm::supported_base::SupportedBase;
use crate::yaml::Value;
use crate::{Architecture, CharmBase};

/// What `charmcraft.yaml` says of how a charm is built and published.
///
/// What it says of the charm itself is in
/// [`CharmMetadata`](crate::CharmMetadata), [`CharmConfig`](crate::CharmConfig)
/// and [`CharmActions`](crate::CharmActions).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Charmcraft {
    /// The base of every platform that names none.
    pub base: Option<CharmBase>,
    /// The old form of `base` and `platforms`.
    pub bases: Vec<BuildBases>,
    /// The base to build on, if it is another one; `ubuntu@devel` has no number.
    pub build_base: Option<String>,
    /// Where to find out more about the charm.
    pub links: CharmLinks,
    /// The names of the parts, in the order of the text.
    pub parts: Vec<String>,
    /// The platforms by their labels.
    pub platforms: BTreeMap<String, Platform>,
    /// What the charm is called where people read it.
    pub title: Option<String>,
}

impl Charmcraft {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        check_type(fields);
        check_form(fields);

        let links = fields.get("links").and_then(|links| CharmLinks::read(&links));
        Self {
            base: read_main_base(fields),
            bases: fields.items("bases").iter().filter_map(BuildBases::read).collect(),
            build_base: fields.get("build-base").and_then(|base| read_build_base(&base)),
            links: links.unwrap_or_default(),
            parts: read_parts(fields),
            platforms: read_platforms(fields),
            title: fields.text("title"),
        }
    }

    /// Returns the bases that the charm runs on, each once, in order.
    pub(super) fn supported_bases(&self) -> Vec<SupportedBase> {
        let mut bases: BTreeMap<&CharmBase, Option<BTreeSet<Architecture>>> = BTreeMap::new();
        for base in self.bases.iter().flat_map(|bases| &bases.run_on) {
            let architectures = base.architectures.as_ref();
            merge(bases.entry(&base.base).or_insert(Some(BTreeSet::new())), architectures);
        }
        for platform in self.platforms.values() {
            let target = &platform.build_for;
            let Some(base) = target.base.as_ref().or(self.base.as_ref()) else { continue };
            let architectures = match &*target.architecture {
                ALL => None,
                // What Juju does not support was warned about.
                name => Some(name.parse().ok().into_iter().collect()),
            };
            let architectures = architectures.as_ref();
            merge(bases.entry(base).or_insert(Some(BTreeSet::new())), architectures);
        }
        let bases = bases.into_iter();
        bases
            .map(|(base, architectures)| SupportedBase { architectures, base: base.clone() })
            .collect()
    }
}

/// Adds architectures to others; `None` is all of them.
fn merge(into: &mut Option<BTreeSet<Architecture>>, more: Option<&BTreeSet<Architecture>>) {
    match (into.as_mut(), more) {
        (Some(into), Some(more)) => into.extend(more),
        _ => *into = None,
    }
}

fn check_type(fields: &Fields<'_>) {
    let Some(spot) = fields.required("type") else { return };
    match spot.text() {
        Some("charm") | None => {}
        Some("bundle") => spot.fault("charmcraft 4 builds no bundles; the type must be `charm`"),
        Some(kind) => spot.fault(format_args!("invalid type `{kind}`: it must be `charm`")),
    }
}

/// Reports a mixture of the old form and the new one, and what is missing.
fn check_form(fields: &Fields<'_>) {
    if fields.get("bases").is_none() {
        fields.required("platforms");
        fields.required("parts");
        return;
    }
    for key in ["base", "build-base", "platforms"] {
        if let Some(spot) = fields.get(key) {
            spot.fault(format_args!("`{key}` cannot be given together with `bases`"));
        }
    }
}

fn read_main_base(fields: &Fields<'_>) -> Option<CharmBase> {
    let spot = fields.get("base")?;
    let base = read_base(&spot)?;
    if is_in_development(&base) && fields.get("build-base").is_none() {
        spot.fault(format_args!(
            "the base `{base}` is in development and needs a `build-base`, such as `ubuntu@devel`"
        ));
    }
    warn_of_foreign(&spot, &SupportedBase::new(base.clone()));
    Some(base)
}

fn read_platforms(fields: &Fields<'_>) -> BTreeMap<String, Platform> {
    let Some(spot) = fields.get("platforms") else { return BTreeMap::new() };
    let Some(entries) = spot.fields() else { return BTreeMap::new() };
    if entries.iter().next().is_none() {
        spot.fault("name a platform, such as `amd64:`");
    }
    let has_base = fields.get("base").is_some();
    let mut platforms = BTreeMap::new();
    for (label, spot) in entries.iter() {
        let Some(platform) = Platform::read(label, &spot) else { continue };
        match &platform.build_for.base {
            Some(_) if has_base => {
                spot.fault("the platform names a base; leave out either that or `base`");
            }
            Some(base) => refuse_unknown(&spot, base),
            None if has_base => {}
            None => spot.fault("neither the platform nor `base` names a base"),
        }
        platforms.insert(label.to_owned(), platform);
    }
    platforms
}

fn read_parts(fields: &Fields<'_>) -> Vec<String> {
    let Some(spot) = fields.get("parts") else { return Vec::new() };
    let Some(parts) = spot.fields() else { return Vec::new() };
    let mut names = Vec::new();
    for (name, part) in parts.iter() {
        if !matches!(part.node().value, Value::Mapping(_)) {
            part.expected::<()>("a mapping");
        }
        names.push(name.to_owned());
    }
    if names.is_empty() && fields.get("bases").is_none() {
        spot.fault("name a part");
    }
    names
}
