//! All endpoints that a charm knows.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::context::Context;
use crate::endpoint::Endpoint;
use crate::endpoint::automatic_flags::AutomaticFlags;
use crate::endpoint::binding::{Binding, Bound};
use crate::endpoint::interface::Interface;
use crate::failure::Result;
use crate::flag::flags::Flags;
use crate::flag::interest::Interest;
use crate::run::Run;

/// All endpoints that a charm knows, during one run.
///
/// The flags of an endpoint are brought up to date when somebody looks at one
/// of them, and in the endpoint's own hooks in any case.
#[derive(Debug)]
pub(crate) struct Endpoints {
    slots: BTreeMap<String, Slot>,
    interest: Interest,
}

#[derive(Debug)]
struct Slot {
    binding: Binding,
    endpoint: Endpoint,
    bound: OnceCell<Rc<dyn Bound>>,
    freshness: Cell<Freshness>,
    /// How often its published data had changed when its flags were managed.
    seen: Cell<u64>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Freshness {
    /// Nobody has looked yet.
    Unknown,
    /// The flags are being brought up to date.
    Managing,
    /// The flags were brought up to date in this run.
    Managed,
}

impl Endpoints {
    pub(crate) fn new(
        bindings: impl IntoIterator<Item = Binding>,
        interest: Interest,
        run: &Rc<Run>,
    ) -> Self {
        let slot = |binding: Binding| Slot {
            endpoint: Endpoint::in_run(&binding.name, Rc::clone(run)),
            binding,
            bound: OnceCell::new(),
            freshness: Cell::new(Freshness::Unknown),
            seen: Cell::new(0),
        };
        let slots =
            bindings.into_iter().map(|binding| (binding.name.to_string(), slot(binding))).collect();
        Self { slots, interest }
    }

    /// Registers the triggers of all endpoints.
    pub(crate) fn register_triggers(&self, flags: &Flags) {
        for slot in self.slots.values() {
            for trigger in (slot.binding.triggers)(&slot.endpoint) {
                flags.register(trigger);
            }
        }
    }

    /// Brings the endpoint up to date whose hook it is.
    pub(crate) fn begin(&self, cx: &Context) -> Result {
        let relation = cx.env().event().and_then(|event| event.relation());
        match relation.and_then(|relation| self.slots.get(relation.endpoint.as_str())) {
            Some(slot) => self.freshen(cx, slot),
            None => Ok(()),
        }
    }

    /// Returns an endpoint whose flags are up to date.
    pub(crate) fn get<E: Interface>(&self, cx: &Context, name: &str) -> Rc<E> {
        let Some(slot) = self.slots.get(name) else {
            panic!(
                "the charm does not know the endpoint `{name}`: register it with `Charm::endpoint`"
            );
        };
        let bound = slot.bound().as_any().downcast_ref::<Rc<E>>();
        let Some(endpoint) = bound else {
            panic!(
                "the charm has the endpoint `{name}` with the type `{}`, and not `{}`",
                (slot.binding.type_name)(),
                std::any::type_name::<E>()
            );
        };
        self.freshen_or_fail(cx, slot);
        Rc::clone(endpoint)
    }

    /// Returns the endpoints of a type, by name, with flags that are up to date.
    pub(crate) fn all_of<E: Interface>(&self, cx: &Context) -> Vec<Rc<E>> {
        let is_one = |slot: &Slot| (slot.binding.type_name)() == std::any::type_name::<E>();
        let names = self.slots.iter().filter(|(_, slot)| is_one(slot));
        names.map(|(name, _)| self.get(cx, name)).collect()
    }

    /// Brings the endpoint up to date that a flag belongs to, if it is one's.
    pub(crate) fn freshen_for(&self, cx: &Context, flag: &str) {
        let mut parts = flag.split('.');
        let first = parts.next().unwrap_or_default();
        let name = if first == "endpoint" { parts.next().unwrap_or_default() } else { first };
        if let Some(slot) = self.slots.get(name) {
            self.freshen_or_fail(cx, slot);
        }
    }

    pub(crate) fn freshen_all(&self, cx: &Context) {
        for slot in self.slots.values() {
            self.freshen_or_fail(cx, slot);
        }
    }

    /// Has the flags of those endpoints follow whose published data were
    /// changed since.
    pub(crate) fn freshen_touched(&self, cx: &Context) -> Result {
        for slot in self.slots.values() {
            if slot.freshness.get() == Freshness::Managed {
                self.freshen(cx, slot)?;
            }
        }
        Ok(())
    }

    fn freshen_or_fail(&self, cx: &Context, slot: &Slot) {
        if let Err(failure) = self.freshen(cx, slot) {
            cx.run().fail(failure);
        }
    }

    fn freshen(&self, cx: &Context, slot: &Slot) -> Result {
        let known = slot.freshness.get();
        let published = || cx.run().published.version(&slot.binding.name);
        let is_touched = || slot.seen.get() != published();
        if known == Freshness::Managing || (known == Freshness::Managed && !is_touched()) {
            return Ok(());
        }
        // What follows looks at flags of the endpoint itself.
        slot.freshness.set(Freshness::Managing);
        if known == Freshness::Unknown {
            AutomaticFlags::of(&slot.endpoint, &self.interest).manage()?;
            // What has changed cannot be told without the digests.
            cx.take_fault().map_or(Ok(()), Err)?;
        }
        slot.bound().manage_flags()?;
        slot.seen.set(published());
        slot.freshness.set(Freshness::Managed);
        Ok(())
    }
}

impl Slot {
    fn bound(&self) -> &Rc<dyn Bound> {
        self.bound.get_or_init(|| (self.binding.bind)(self.endpoint.clone()))
    }
}
