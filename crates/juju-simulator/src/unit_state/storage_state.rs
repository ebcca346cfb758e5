use std::path::PathBuf;

use juju_types::{StorageId, StorageKind, StorageName};
use serde::{Deserialize, Serialize};

use crate::model::{Resource, Storage};

/// A storage instance.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct StorageState {
    pub(super) id: StorageId,
    kind: StorageKind,
    location: PathBuf,
}

impl StorageState {
    pub(super) fn of(id: &StorageId, storage: &Storage) -> Self {
        Self { id: id.clone(), kind: storage.kind, location: storage.location.clone() }
    }

    pub(super) fn to_storage(&self) -> Storage {
        Storage { kind: self.kind, location: self.location.clone() }
    }
}

/// Storage that was asked for, and that is not there yet.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct StorageAdded {
    pub(super) name: StorageName,
    pub(super) constraints: StorageConstraints,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct StorageConstraints {
    pub(super) count: u32,
}

/// A resource, whose content is a text.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct ResourceState {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    content: String,
}

impl ResourceState {
    pub(super) fn of(resource: &Resource) -> Self {
        let kind = if resource.file_name.is_some() { "file" } else { "oci-image" };
        Self {
            kind: kind.to_owned(),
            path: resource.file_name.clone(),
            content: String::from_utf8_lossy(&resource.content).into_owned(),
        }
    }

    pub(super) fn to_resource(&self) -> Resource {
        let file_name = self.path.clone().filter(|_| self.kind == "file");
        Resource { file_name, content: self.content.clone().into_bytes() }
    }
}
