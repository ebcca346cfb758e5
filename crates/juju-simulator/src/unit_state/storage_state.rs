use std::path::{Path, PathBuf};

use juju_types::{StorageDefinition, StorageId, StorageKind, StorageName};
use serde::{Deserialize, Serialize};

use crate::model::Storage;
use crate::stated::stated;

/// A storage instance of a unit.
///
/// ```
/// use juju_simulator::{StorageState, UnitState};
///
/// let state = UnitState::new("web/0").with_storage(StorageState::new("data/0"));
/// assert_eq!(state.storage()[0].id().name().as_str(), "data");
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StorageState {
    id: StorageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<StorageKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<PathBuf>,
}

impl StorageState {
    /// Names an instance, such as `data/0`. Its kind is that of the charm's
    /// definition, and it lies in the model's temporary folder.
    ///
    /// # Panics
    ///
    /// Panics if `id` is no id of a storage instance.
    #[track_caller]
    pub fn new(id: &str) -> Self {
        Self { id: stated(id), kind: None, location: None }
    }

    /// Says where it is mounted, or where the block device is; nothing is made
    /// there.
    #[must_use]
    pub fn at(self, location: impl Into<PathBuf>) -> Self {
        Self { location: Some(location.into()), ..self }
    }

    /// Returns the id.
    pub fn id(&self) -> &StorageId {
        &self.id
    }

    /// Returns the kind, if it is known.
    pub fn kind(&self) -> Option<StorageKind> {
        self.kind
    }

    /// Returns where it is, if that is known.
    pub fn location(&self) -> Option<&Path> {
        self.location.as_deref()
    }

    pub(super) fn of(id: &StorageId, storage: &Storage) -> Self {
        let location = Some(storage.location.clone());
        Self { id: id.clone(), kind: Some(storage.kind), location }
    }

    pub(super) fn to_storage(&self, defined: Option<&StorageDefinition>, root: &Path) -> Storage {
        let kind = self.kind.or(defined.map(|defined| defined.kind));
        let location = self.location.clone();
        Storage {
            kind: kind.unwrap_or(StorageKind::Filesystem),
            location: location.unwrap_or_else(|| root.join(self.id.to_string())),
        }
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
