//! What this side publishes in its relations.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeMap;
use std::fmt;

use juju_hook_env::Juju;
use juju_types::RelationId;

use crate::failure::Result;

/// Whose data are meant.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Scope {
    Application,
    Unit,
}

/// What this side publishes in its relations, as far as it was looked at in
/// this run.
#[derive(Debug, Default)]
pub(crate) struct PublishedData(RefCell<BTreeMap<(RelationId, Scope), Bag>>);

/// The settings of one relation and scope.
#[derive(Default)]
pub(crate) struct Bag {
    /// As Juju has them.
    before: BTreeMap<String, String>,
    pub(crate) now: BTreeMap<String, String>,
    /// How often they were changed in this run.
    pub(crate) version: u64,
}

impl Bag {
    pub(crate) fn is_modified(&self) -> bool {
        self.before != self.now
    }

    /// Returns what is to be sent: new values, and empty ones for keys that
    /// are to go.
    fn differences(&self) -> BTreeMap<String, String> {
        let is_new = |(key, value): &(&String, &String)| self.before.get(*key) != Some(*value);
        let new = self.now.iter().filter(is_new).map(|(key, value)| (key.clone(), value.clone()));
        let gone = self.before.keys().filter(|key| !self.now.contains_key(*key));
        new.chain(gone.map(|key| (key.clone(), String::new()))).collect()
    }
}

impl PublishedData {
    /// Reads what is published already, if that was not read before.
    pub(crate) fn load(
        &self,
        relation: &RelationId,
        scope: Scope,
        read: impl FnOnce() -> Result<BTreeMap<String, String>>,
    ) -> Result {
        let place = (relation.clone(), scope);
        if self.0.borrow().contains_key(&place) {
            return Ok(());
        }
        let before = read()?;
        let bag = Bag { now: before.clone(), before, version: 0 };
        self.0.borrow_mut().insert(place, bag);
        Ok(())
    }

    pub(crate) fn bag(&self, relation: &RelationId, scope: Scope) -> Ref<'_, Bag> {
        Ref::map(self.0.borrow(), |bags| &bags[&(relation.clone(), scope)])
    }

    pub(crate) fn bag_mut(&self, relation: &RelationId, scope: Scope) -> RefMut<'_, Bag> {
        RefMut::map(self.0.borrow_mut(), |bags| bags.entry((relation.clone(), scope)).or_default())
    }

    /// Returns how often anything was changed in the relations of an endpoint.
    pub(crate) fn version(&self, endpoint: &str) -> u64 {
        let bags = self.0.borrow();
        let is_own = |relation: &RelationId| {
            relation.endpoint().is_some_and(|name| name.as_str() == endpoint)
        };
        let own = bags.iter().filter(|((relation, _), _)| is_own(relation));
        own.map(|(_, bag)| bag.version).sum()
    }

    /// Sends what is another than before.
    pub(crate) fn send(&self, juju: &Juju) -> Result {
        for ((relation, scope), bag) in self.0.borrow().iter() {
            if bag.is_modified() {
                match scope {
                    Scope::Application => juju.relation_set_app(relation, bag.differences())?,
                    Scope::Unit => juju.relation_set(relation, bag.differences())?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Bag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secret.
        let keys: Vec<&String> = self.now.keys().collect();
        f.debug_struct("Bag").field("keys", &keys).finish_non_exhaustive()
    }
}
