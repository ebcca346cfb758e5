//! What the metadata says of a workload container.

use crate::charm::fields::Fields;
use crate::charm::resource_definition::ResourceDefinition;
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

impl ContainerDefinition {
    /// Reads one of the containers of the charm whose metadata is `metadata`.
    pub(super) fn read(spot: &Spot<'_>, metadata: &Fields<'_>) -> Option<Self> {
        let fields = spot.fields()?;
        fields.warn_of_unknown(&["bases", "gid", "mounts", "resource", "uid"]);

        let bases = fields.get("bases");
        let resource = fields.get("resource");
        if bases.is_none() && resource.is_none() {
            spot.fault("`resource` is missing; it names a resource of the type `oci-image`");
        }
        let bases = bases.map(|bases| bases.items()).unwrap_or_default();
        let mounts = fields.get("mounts").map(|mounts| mounts.items()).unwrap_or_default();
        Some(Self {
            bases: bases.iter().filter_map(SupportedBase::read).collect(),
            gid: fields.get("gid").and_then(|gid| read_id(&gid)),
            mounts: mounts.iter().filter_map(|mount| read_mount(mount, metadata)).collect(),
            resource: resource.and_then(|resource| read_resource(&resource, metadata)),
            uid: fields.get("uid").and_then(|uid| read_id(&uid)),
        })
    }
}

fn read_resource(spot: &Spot<'_>, metadata: &Fields<'_>) -> Option<ResourceName> {
    let name = spot.text()?;
    let resources = metadata.get("resources").filter(|spot| !spot.is_scalar());
    let resource = resources.and_then(|resources| resources.fields()?.get(name));
    match resource {
        None => spot.fault(format_args!("no resource is called `{name}`")),
        Some(resource) if !ResourceDefinition::is_image(&resource) => {
            spot.fault(format_args!("the resource `{name}` is not of the type `oci-image`"));
        }
        Some(_) => {}
    }
    spot.parse_text(name)
}

fn read_mount(spot: &Spot<'_>, metadata: &Fields<'_>) -> Option<ContainerMount> {
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
    if !metadata.declares("storage", name) {
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
