//! An endpoint of the charm.

pub(crate) mod automatic_flags;
pub(crate) mod binding;
pub(crate) mod combined_units_view;
pub(crate) mod departed_units;
pub(crate) mod endpoint_handlers;
pub(crate) mod endpoint_key;
pub(crate) mod endpoints;
pub(crate) mod interface;
pub(crate) mod interface_binding;
pub(crate) mod publish;
pub(crate) mod published;
pub(crate) mod received;
pub(crate) mod related_unit;
pub(crate) mod relation;
pub(crate) mod setting_deserializer;

use std::cell::OnceCell;
use std::fmt;
use std::rc::{Rc, Weak};

use juju_hook_env::Juju;
use juju_types::{EndpointName, Event, RelationId};

use crate::endpoint::combined_units_view::CombinedUnitsView;
use crate::endpoint::departed_units::DepartedUnits;
use crate::endpoint::endpoint_key::expand_name;
use crate::endpoint::relation::Relation;
use crate::failure::Result;
use crate::flag::Flag;
use crate::flag::flags::Flags;
use crate::key_list::KeyList;
use crate::run::Run;
use crate::state::State;

/// An endpoint of the charm: its relations, the units in them, and its flags.
///
/// Nothing is asked of Juju before it is looked at, and then only once in a
/// run. Clones are the same endpoint.
#[derive(Clone)]
pub struct Endpoint(Rc<Inner>);

struct Inner {
    name: EndpointName,
    run: Rc<Run>,
    flags: Flags,
    relations: OnceCell<KeyList<Relation>>,
    joined: OnceCell<CombinedUnitsView>,
    departed: OnceCell<DepartedUnits>,
}

impl Endpoint {
    pub(crate) fn in_run(name: &str, run: Rc<Run>) -> Self {
        let name = name.parse().expect("an endpoint's key was checked when it was made");
        Self(Rc::new(Inner {
            name,
            flags: Flags::new(Rc::clone(&run)),
            run,
            relations: OnceCell::new(),
            joined: OnceCell::new(),
            departed: OnceCell::new(),
        }))
    }

    /// Returns the name of the endpoint.
    pub fn endpoint_name(&self) -> &EndpointName {
        &self.0.name
    }

    /// Returns the relations of the endpoint, by number.
    ///
    /// Two are left out: one that is broken right now, and, in the
    /// `relation-departed` hook of the last remote unit, the one that it leaves.
    ///
    /// ```
    /// # use reactive_endpoints::{Endpoint, EndpointKey, testing};
    /// # const DB: EndpointKey<Endpoint> = EndpointKey::new("db");
    /// # testing::related(|cx| {
    /// let relations = cx.endpoint(DB).relations()?;
    /// let rel0 = &relations[0];
    /// assert_eq!(&relations[rel0.relation_id()], rel0);
    /// assert_eq!(relations.keys().collect::<Vec<_>>().join(", "), "db:0, db:1");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn relations(&self) -> Result<KeyList<Relation>> {
        if let Some(known) = self.0.relations.get() {
            return Ok(known.clone());
        }
        let mut relations = KeyList::new();
        for id in self.juju().relation_ids(&self.0.name)? {
            relations.append(Relation::new(self, &id));
        }
        if let Some(Event::RelationDeparted { relation, .. }) = self.own_event()
            && let Some(left) = relations.get(&relation.id)
            && left.joined_units()?.is_empty()
        {
            relations.delete(&relation.id);
        }
        Ok(self.0.relations.get_or_init(|| relations).clone())
    }

    /// Tells whether there are remote units.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn is_joined(&self) -> Result<bool> {
        for relation in &self.relations()? {
            if !relation.joined_units()?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns all remote units, in the order of their relations and then of
    /// their numbers. A unit of an application that is related several times
    /// is there several times.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju does not say.
    pub fn all_joined_units(&self) -> Result<CombinedUnitsView> {
        if let Some(known) = self.0.joined.get() {
            return Ok(known.clone());
        }
        let mut units = Vec::new();
        for relation in &self.relations()? {
            units.extend(relation.joined_units()?.iter().cloned());
        }
        Ok(self.0.joined.get_or_init(|| CombinedUnitsView::new(units)).clone())
    }

    /// Returns the units that have departed from relations of the endpoint,
    /// with the last data of each, until the charm removes them from the list.
    ///
    /// A unit is here, and no longer among
    /// [`all_joined_units`](Self::all_joined_units), from the beginning of its
    /// `relation-departed` hook on.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`](crate::KvError) if what is stored cannot be read.
    pub fn all_departed_units(&self) -> Result<DepartedUnits> {
        if let Some(known) = self.0.departed.get() {
            return Ok(known.clone());
        }
        let loaded = DepartedUnits::load(self)?;
        Ok(self.0.departed.get_or_init(|| loaded).clone())
    }

    /// Completes the name of a flag of the endpoint: with `endpoint.NAME.`
    /// before it, or, if there is `{endpoint_name}` in it, with the name there.
    pub fn expand_name(&self, flag: &str) -> String {
        expand_name(self.0.name.as_str(), flag)
    }

    /// Returns a flag of the endpoint by the name that is to be
    /// [completed](Self::expand_name).
    pub fn flag(&self, flag: &str) -> Flag {
        Flag::of_data(self.expand_name(flag))
    }

    /// Sets a flag of the endpoint.
    pub fn set_flag(&self, flag: &str) {
        self.0.flags.set(self.flag(flag));
    }

    /// Clears a flag of the endpoint.
    pub fn clear_flag(&self, flag: &str) {
        self.0.flags.clear(self.flag(flag));
    }

    /// Sets a flag of the endpoint or clears it.
    pub fn toggle_flag(&self, flag: &str, should_be_set: bool) {
        self.0.flags.toggle(self.flag(flag), should_be_set);
    }

    /// Tells whether a flag of the endpoint is set.
    pub fn is_flag_set(&self, flag: &str) -> bool {
        self.0.flags.is_set(self.flag(flag))
    }

    /// Tells whether this unit is the leader of its application, as
    /// [`Context::is_leader`](crate::Context::is_leader) does.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju cannot tell.
    pub fn is_leader(&self) -> Result<bool> {
        self.0.run.is_leader()
    }

    /// Returns every hook tool as a method.
    pub fn juju(&self) -> &Juju {
        &self.0.run.juju
    }

    pub(crate) fn run(&self) -> &Rc<Run> {
        &self.0.run
    }

    /// Returns the event of the run, if it is one of this endpoint's.
    pub(crate) fn own_event(&self) -> Option<Event> {
        let event = self.juju().env().event()?;
        let relation = event.relation()?;
        (relation.endpoint == self.0.name).then(|| event.clone())
    }

    /// Returns the relation of that id, whether or not it is among
    /// [`relations`](Self::relations).
    pub(crate) fn relation(&self, id: &RelationId) -> Relation {
        let known = self.0.relations.get().and_then(|relations| relations.get(id).cloned());
        known.unwrap_or_else(|| Relation::new(self, id))
    }

    pub(crate) fn kept_digests(&self) -> &State {
        &self.0.run.state
    }

    pub(crate) fn downgrade(&self) -> WeakEndpoint {
        WeakEndpoint(Rc::downgrade(&self.0))
    }
}

/// An endpoint as its own relations know it: they do not keep it alive.
#[derive(Clone)]
pub(crate) struct WeakEndpoint(Weak<Inner>);

impl WeakEndpoint {
    pub(crate) fn upgrade(&self) -> Option<Endpoint> {
        self.0.upgrade().map(Endpoint)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.0.name)
    }
}
