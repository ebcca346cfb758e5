//! What the metadata says of a workload container.

use std::collections::{BTreeMap, BTreeSet};

use crate::charm::fields::Fields;
use crate::charm::spot::Spot;
use crate::charm::supported_base::SupportedBase;
use crate::{ResourceName, StorageName};

/// A workload container of a Kubernetes charm, as `containers` defines it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ContainerDefinition {
    /// The bases from which Juju chooses an image, if no resource names one.
    pub bases: Vec<SupportedBase>,
    /// The numeric group that the workload runs as.
    pub gid: Option<u32>,
    /// The storages that are mounted in the container.
    pub mounts: Vec<ContainerMount>,
    /// The resource that holds the image.
    pub resource: Option<ResourceName>,
    /// The numeric user that the workload runs as.
    pub uid: Option<u32>,
}

/// A storage that is mounted in a container.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ContainerMount {
    /// The path in the container.
    pub location: String,
    /// One of the charm's storages.
    pub storage: StorageName,
}

/// What the metadata defines that containers refer to, right or wrong.
pub(super) struct Referents<'a> {
    /// The names of the resources, and whether they are images.
    resources: BTreeMap<&'a str, bool>,
    storages: BTreeSet<&'a str>,
}

impl<'a> Referents<'a> {
    pub(super) fn of(metadata: &Fields<'a>) -> Self {
        let resources = metadata.get("resources").map(|spot| spot.entries()).unwrap_or_default();
        let storages = metadata.get("storage").map(|spot| spot.entries()).unwrap_or_default();
        let is_image = |resource: Spot<'_>| {
            resource.entry("type").and_then(|kind| kind.quiet_text()) == Some("oci-image")
        };
        Self {
            resources: resources.into_iter().map(|(name, spot)| (name, is_image(spot))).collect(),
            storages: storages.into_iter().map(|(name, _)| name).collect(),
        }
    }
}

impl ContainerDefinition {
    pub(super) fn read(spot: &Spot<'_>, referents: &Referents<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["bases", "gid", "mounts", "resource", "uid"]);

        let resource = fields.get("resource");
        if resource.is_none() && fields.get("bases").is_none() {
            spot.fault("`resource` is missing; it names a resource of the type `oci-image`");
        }
        let mounts = fields.items("mounts");
        let mounts = mounts.iter();
        Some(Self {
            bases: fields.items("bases").iter().filter_map(SupportedBase::read).collect(),
            gid: fields.get("gid").and_then(|gid| read_id(&gid)),
            mounts: mounts.filter_map(|mount| read_mount(mount, referents)).collect(),
            resource: resource.and_then(|resource| read_resource(&resource, referents)),
            uid: fields.get("uid").and_then(|uid| read_id(&uid)),
        })
    }
}

fn read_resource(spot: &Spot<'_>, referents: &Referents<'_>) -> Option<ResourceName> {
    let name = spot.text()?;
    match referents.resources.get(name) {
        None => spot.fault(format_args!("no resource is called `{name}`")),
        Some(false) => {
            spot.fault(format_args!("the resource `{name}` is not of the type `oci-image`"));
        }
        Some(true) => {}
    }
    spot.parse_text(name)
}

fn read_mount(spot: &Spot<'_>, referents: &Referents<'_>) -> Option<ContainerMount> {
    let fields = spot.fields()?;
    fields.warn_of_unknown(&["location", "storage"]);

    let location = fields.required("location").and_then(|location| {
        let path = location.text()?;
        if path.is_empty() {
            location.fault("a mount needs a path");
        }
        Some(path.to_owned())
    });
    let storage = fields.required("storage")?;
    let name = storage.text()?;
    if !referents.storages.contains(name) {
        storage.fault(format_args!("no storage is called `{name}`"));
    }
    Some(ContainerMount { location: location?, storage: storage.parse_text(name)? })
}

fn read_id(spot: &Spot<'_>) -> Option<u32> {
    let id = spot.count()?;
    if (1000..10_000).contains(&id) {
        spot.fault(format_args!("invalid id `{id}`: Juju keeps 1000 to 9999 for itself"));
    }
    Some(id)
}
