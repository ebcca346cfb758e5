//! The storage that an event is about.

use std::path::PathBuf;

use crate::storage_id::StorageId;
use crate::storage_kind::StorageKind;
use crate::storage_name::StorageName;

/// The storage that an event is about.
///
/// Juju tells only the name of storage that is no longer provisioned, which
/// happens when it is detached; so all else is optional.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct StorageContext {
    /// The name in the charm's metadata.
    pub name: StorageName,
    /// The instance, one of several if the charm allows so.
    pub id: Option<StorageId>,
    /// What the charm gets of it.
    pub kind: Option<StorageKind>,
    /// The mount point of the file system, or the path of the block device.
    pub location: Option<PathBuf>,
}

impl StorageContext {
    /// Describes the storage `name` of which nothing else is known.
    pub fn new(name: StorageName) -> Self {
        Self { name, id: None, kind: None, location: None }
    }
}
