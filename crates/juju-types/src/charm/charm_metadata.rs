//! What `metadata.yaml` says.

use std::collections::{BTreeMap, BTreeSet};

use crate::charm::assumption::Assumption;
use crate::charm::charm_user::CharmUser;
use crate::charm::container_definition::{ContainerDefinition, Referents};
use crate::charm::device_definition::DeviceDefinition;
use crate::charm::endpoint_definition::EndpointDefinition;
use crate::charm::endpoints::read_endpoints;
use crate::charm::fields::Fields;
use crate::charm::resource_definition::ResourceDefinition;
use crate::charm::spot::Spot;
use crate::charm::storage_definition::StorageDefinition;
use crate::charm::term_id::TermId;
use crate::{CharmName, ContainerName, EndpointName, JujuVersion, ResourceName, StorageName};

/// What a charm says of itself, in `metadata.yaml` or in `charmcraft.yaml`.
///
/// The obsolete keys `deployment`, `format`, `payloads` and `revision` are not
/// kept.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CharmMetadata {
    /// What the model must have, all of it.
    pub assumes: Vec<Assumption>,
    /// Where Charmhub files the charm; obsolete.
    pub categories: Vec<String>,
    /// The user that a Kubernetes charm runs as.
    pub charm_user: Option<CharmUser>,
    /// The containers of a Kubernetes charm.
    pub containers: BTreeMap<ContainerName, ContainerDefinition>,
    /// What it is and does, at length.
    pub description: String,
    /// The devices that it wants.
    pub devices: BTreeMap<String, DeviceDefinition>,
    /// What it is called where people read it.
    pub display_name: Option<String>,
    /// Where its documentation is.
    pub documentation: Option<String>,
    /// More names that can be bound to a space, besides the endpoints.
    pub extra_bindings: BTreeSet<EndpointName>,
    /// Where to report what is wrong.
    pub issues: Vec<String>,
    /// Who looks after it.
    pub maintainers: Vec<String>,
    /// The first Juju that can run it; only without a manifest.
    pub min_juju_version: Option<JujuVersion>,
    /// The name.
    pub name: CharmName,
    /// The files and images that come with it.
    pub resources: BTreeMap<ResourceName, ResourceDefinition>,
    /// The Ubuntu series that it runs on; only without a manifest.
    pub series: Vec<String>,
    /// Where its source is.
    pub source: Vec<String>,
    /// The storages of a unit.
    pub storage: BTreeMap<StorageName, StorageDefinition>,
    /// Whether it runs beside a unit of another application.
    pub subordinate: bool,
    /// What it is, in a line.
    pub summary: String,
    /// Words to find it by; obsolete.
    pub tags: Vec<String>,
    /// The terms that a user must agree to.
    pub terms: Vec<TermId>,
    /// Where to read about it.
    pub website: Vec<String>,
    /// Each name only once over all roles.
    pub(super) endpoints: BTreeMap<EndpointName, EndpointDefinition>,
}

impl CharmMetadata {
    /// Returns the endpoints of all roles and their names, ordered by name.
    pub fn endpoints(&self) -> impl Iterator<Item = (&EndpointName, &EndpointDefinition)> {
        self.endpoints.iter()
    }

    /// Returns the endpoint called `name`, whatever its role.
    pub fn endpoint(&self, name: &EndpointName) -> Option<&EndpointDefinition> {
        self.endpoints.get(name)
    }

    /// Reads the keys that `metadata.yaml` and `charmcraft.yaml` have in common.
    pub(super) fn read(fields: &Fields<'_>) -> Option<Self> {
        let required_text = |key| Some(fields.required(key)?.text()?.to_owned());
        let description = required_text("description");
        let name = fields.required("name").and_then(|name| name.parse());
        let summary = required_text("summary");

        let subordinate = fields.get("subordinate").and_then(|flag| flag.boolean());
        let subordinate = subordinate.unwrap_or(false);
        let referents = Referents::of(fields);
        let read_container = |spot: &Spot<'_>| ContainerDefinition::read(spot, &referents);
        let metadata = Self {
            assumes: fields.items("assumes").iter().filter_map(Assumption::read).collect(),
            categories: fields.texts("categories"),
            charm_user: fields.get("charm-user").and_then(|user| user.parse()),
            containers: fields.named("containers", read_container),
            description: description.unwrap_or_default(),
            devices: fields.named("devices", DeviceDefinition::read),
            display_name: None,
            documentation: None,
            endpoints: read_endpoints(fields, subordinate),
            extra_bindings: read_extra_bindings(fields),
            issues: Vec::new(),
            maintainers: Vec::new(),
            min_juju_version: fields.get("min-juju-version").and_then(|version| version.parse()),
            resources: fields.named("resources", ResourceDefinition::read),
            series: fields.texts("series"),
            source: Vec::new(),
            storage: fields.named("storage", StorageDefinition::read),
            subordinate,
            summary: summary.unwrap_or_default(),
            tags: fields.texts("tags"),
            terms: fields.items("terms").iter().filter_map(Spot::parse).collect(),
            website: Vec::new(),
            name: name?,
        };
        Some(metadata)
    }
}

/// Reads the names of the extra bindings, which have no values.
fn read_extra_bindings(fields: &Fields<'_>) -> BTreeSet<EndpointName> {
    let Some(spot) = fields.get("extra-bindings") else { return BTreeSet::new() };
    let Some(bindings) = spot.fields() else { return BTreeSet::new() };
    if bindings.iter().next().is_none() {
        spot.fault("name a binding, or leave `extra-bindings` out");
    }
    let sections = ["peers", "provides", "requires"].into_iter();
    let sections = sections.filter_map(|key| fields.get(key)).flat_map(|spot| spot.entries());
    let endpoints: BTreeSet<_> = sections.map(|(name, _)| name).collect();
    let names = bindings.iter().filter_map(|(name, spot)| {
        if !spot.is_null() {
            spot.fault("an extra binding is a name without a value");
        }
        if endpoints.contains(name) {
            spot.fault(format_args!("`{name}` is an endpoint, and can be bound as it is"));
        }
        spot.parse_text(name)
    });
    names.collect()
}
