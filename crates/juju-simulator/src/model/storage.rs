use std::path::PathBuf;

use juju_types::{Event, StorageContext, StorageId, StorageKind, StorageName, UnitName};

use super::{Life, Model, Unit};

/// A storage instance of a unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Storage {
    pub(crate) kind: StorageKind,
    pub(crate) location: PathBuf,
}

impl Model {
    /// Gives a new unit the storage that was asked for, or that its charm needs
    /// at least.
    pub(super) fn provide_storage(&mut self, name: &UnitName) {
        let application = self.application_of(name);
        let defined = application.charm.metadata().storage.iter();
        let needed: Vec<(StorageName, u32)> = defined
            .map(|(name, storage)| {
                let asked = application.storage.get(name).copied();
                (name.clone(), asked.unwrap_or(storage.count.minimum))
            })
            .collect();
        self.add_storage(name, needed);
    }

    /// Makes instances of storage of a unit.
    pub(crate) fn add_storage(&mut self, name: &UnitName, needed: Vec<(StorageName, u32)>) {
        for (storage, count) in needed {
            let defined = self.application_of(name).charm.metadata().storage.get(&storage);
            let kind = defined.map_or(StorageKind::Filesystem, |defined| defined.kind);
            for _ in 0..count {
                let id = StorageId::new(storage.clone(), self.next_storage);
                self.next_storage += 1;
                let location = self.storage_root.join(id.to_string());
                self.unit_mut(name).storage.insert(id, Storage { kind, location });
            }
        }
    }

    /// Tells whether a unit can have storage of that name.
    pub(crate) fn knows_storage(&self, unit: &UnitName, storage: &StorageName) -> bool {
        self.application_of(unit).charm.metadata().storage.contains_key(storage)
            || self.unit(unit).storage.keys().any(|id| id.name() == storage)
    }

    /// Notes that the charm knows of a storage instance, or has let it go.
    pub(super) fn commit_storage_hook(&mut self, unit: &UnitName, event: &Event) {
        let unit = self.unit_mut(unit);
        match event {
            Event::StorageAttached(StorageContext { id: Some(id), .. }) => {
                unit.progress.storage.insert(id.clone());
            }
            Event::StorageDetaching(StorageContext { id: Some(id), .. }) => {
                unit.progress.storage.remove(id);
                unit.storage.remove(id);
            }
            _ => {}
        }
    }
}

/// Returns the next storage hook of a unit.
pub(super) fn storage_event(unit: &Unit) -> Option<Event> {
    let context = |(id, storage): (&StorageId, &Storage)| {
        let mut context = StorageContext::new(id.name().clone());
        context.id = Some(id.clone());
        context.kind = Some(storage.kind);
        context.location = Some(storage.location.clone());
        context
    };
    let is_attached = |id: &StorageId| unit.progress.storage.contains(id);
    match unit.life {
        Life::Alive => {
            let new = unit.storage.iter().find(|(id, _)| !is_attached(id));
            new.map(context).map(Event::StorageAttached)
        }
        Life::Dying => {
            let old = unit.storage.iter().find(|(id, _)| is_attached(id));
            old.map(context).map(Event::StorageDetaching)
        }
    }
}
