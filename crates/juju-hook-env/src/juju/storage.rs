//! Storage.

use std::num::NonZeroU32;
use std::path::PathBuf;

use juju_types::{StorageId, StorageKind, StorageName};
use serde::Deserialize;

use super::Juju;
use crate::error::ToolError;
use crate::memo::Memo;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// What is remembered of storage.
#[derive(Debug, Default)]
pub(super) struct Memos {
    instances: Memo<StorageId, Storage>,
    lists: Memo<Option<StorageName>, Vec<StorageId>>,
}

/// What a storage instance is and where.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Storage {
    /// What the charm gets of it.
    pub kind: StorageKind,
    /// The mount point of the file system, or the path of the block device.
    pub location: PathBuf,
}

impl Storage {
    /// Describes storage of this kind at `location`.
    pub fn new(kind: StorageKind, location: impl Into<PathBuf>) -> Self {
        Self { kind, location: location.into() }
    }
}

impl Juju {
    /// Returns all storage of the unit, in order.
    ///
    /// Wraps the hook tool [`storage-list`]. It is asked once in a hook.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`storage-list`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/storage-list/
    pub fn storage_list(&self) -> Result<Vec<StorageId>, ToolError> {
        self.storages(None)
    }

    /// Returns the storage of the unit that has this name in the charm's
    /// metadata, in order.
    ///
    /// Wraps the hook tool [`storage-list`]. It is asked once in a hook for
    /// each name. Juju answers a name that the charm does not have with no
    /// storage.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`storage-list`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/storage-list/
    pub fn storage_list_of(&self, name: &StorageName) -> Result<Vec<StorageId>, ToolError> {
        self.storages(Some(name))
    }

    /// Returns what a storage instance is and where.
    ///
    /// Wraps the hook tool [`storage-get`]. It is asked once in a hook for
    /// each instance.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::NotFound`] or [`ToolError::PermissionDenied`] if
    /// the unit has no such storage, and another [`ToolError`] if it is not
    /// provisioned yet.
    ///
    /// [`storage-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/storage-get/
    pub fn storage_get(&self, storage: &StorageId) -> Result<Storage, ToolError> {
        self.storage.instances.get_or_ask(storage, || {
            let args = ["-s", &storage.to_string(), "--format=json"];
            let call = ToolCall::new(HookTool::StorageGet, args);
            let StorageJson { kind, location } =
                self.ask_json(&call, "an object with a kind and a location")?;
            Ok(Storage { kind, location })
        })
    }

    /// Asks for `count` more instances of a storage, when the hook has
    /// succeeded. They come with a `storage-attached` hook each.
    ///
    /// Wraps the hook tool [`storage-add`]. Each call asks for more.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if Juju refuses or there is no answer. That the
    /// charm has no such storage is noticed only when the hook is over.
    ///
    /// [`storage-add`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/storage-add/
    pub fn storage_add(&self, name: &StorageName, count: NonZeroU32) -> Result<(), ToolError> {
        self.tell(&ToolCall::new(HookTool::StorageAdd, [format!("{name}={count}")]))
    }

    fn storages(&self, name: Option<&StorageName>) -> Result<Vec<StorageId>, ToolError> {
        self.storage.lists.get_or_ask(&name.cloned(), || {
            let mut args = vec!["--format=json"];
            args.extend(name.map(StorageName::as_str));
            let call = ToolCall::new(HookTool::StorageList, args);
            let ids: Option<Vec<StorageId>> = self.ask_json(&call, "a list of storage ids")?;
            let mut ids = ids.unwrap_or_default();
            // Juju puts `data/10` before `data/2`.
            ids.sort();
            Ok(ids)
        })
    }
}

#[derive(Deserialize)]
struct StorageJson {
    kind: StorageKind,
    location: PathBuf,
}
