//! A charm: its handlers, and how it runs.

pub(crate) mod action;
pub(crate) mod charm_yaml;
pub(crate) mod check;
pub(crate) mod check_faults;
pub(crate) mod command;
pub(crate) mod command_answer;
pub(crate) mod command_run;
pub(crate) mod config_fields;
pub(crate) mod explainer;
pub(crate) mod explanation;
pub(crate) mod flag_command;
pub(crate) mod graph;
pub(crate) mod hook_subject;
mod layers;
mod runs;
pub(crate) mod subcommand_end;

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use juju_hook_env::HookEnv;
use juju_types::Status;
use serde::de::DeserializeOwned;

use crate::charm::action::ActionFunction;
use crate::charm::charm_yaml::CharmYaml;
use crate::charm::command_run::Subcommand;
use crate::charm::config_fields::ConfigFields;
use crate::condition::Condition;
use crate::context::Context;
use crate::endpoint::binding::Binding;
use crate::endpoint::endpoint_key::EndpointKey;
use crate::endpoint::interface::Interface;
use crate::endpoint::interface_binding::InterfaceBinding;
use crate::failure::Result;
use crate::flag::flag_groups::FlagGroup;
use crate::flag::flag_groups::series_upgrade_flag::SeriesUpgradeFlag;
use crate::flag::interest::Interest;
use crate::flag::trigger::Trigger;
use crate::handler::events::Events;
use crate::handler::hook_pattern::HookPattern;
use crate::handler::{Handler, When, short_name};
use crate::run::run_kind::RunKind;
use crate::state::store::Store;
use crate::trace::Tracer;

/// A function that says how a part of the charm is.
type StatusFunction<S> = Box<dyn Fn(&mut S, &Context) -> Result<Status>>;

/// A function that is called at the start of each run.
type AtStart<S> = Box<dyn Fn(&mut S, &Context) -> Result>;

/// A charm: a value of the author's own, its handlers, and how it runs.
///
/// See the [crate's documentation](crate) for an example.
pub struct Charm<S> {
    author: S,
    pub(crate) handlers: Vec<Handler<S>>,
    pub(crate) bindings: BTreeMap<String, Binding>,
    /// Bound to the endpoints that the charm's YAML has for them.
    pub(crate) interfaces: Vec<InterfaceBinding>,
    /// What reads the options, to be compared with the YAML.
    pub(crate) config: Vec<fn() -> ConfigFields>,
    pub(crate) interest: Interest,
    groups: Vec<Box<dyn FlagGroup>>,
    pub(crate) triggers: Vec<Trigger>,
    statuses: Vec<StatusFunction<S>>,
    at_start: Vec<AtStart<S>>,
    pub(crate) without_flag_handlers: BTreeSet<RunKind>,
    pub(crate) subcommands: BTreeMap<String, Subcommand>,
    store: Option<Box<dyn Store>>,
    pub(crate) tracer: Option<Box<dyn Tracer>>,
}

impl<S: 'static> Charm<S> {
    /// Begins a charm around a value whose methods are its handlers.
    pub fn new(charm: S) -> Self {
        Self {
            author: charm,
            handlers: Vec::new(),
            bindings: BTreeMap::new(),
            interfaces: Vec::new(),
            config: Vec::new(),
            interest: Interest::default(),
            groups: vec![Box::new(SeriesUpgradeFlag)],
            triggers: Vec::new(),
            statuses: Vec::new(),
            at_start: Vec::new(),
            without_flag_handlers: BTreeSet::new(),
            subcommands: BTreeMap::new(),
            store: None,
            tracer: None,
        }
    }

    /// Registers a handler of events. It runs before all handlers of flags.
    ///
    /// # Panics
    ///
    /// Panics if one of the events is an action: [`action`](Self::action)
    /// registers those.
    #[must_use]
    pub fn on<F>(mut self, events: impl Into<Events>, handler: F) -> Self
    where
        F: Fn(&mut S, &Context) -> Result + 'static,
    {
        self.handlers.push(Handler::new(When::Event(events.into().0), handler));
        self
    }

    /// Registers a handler of an event that Juju does not define, by the name
    /// of its hook.
    #[must_use]
    pub fn on_custom<F>(mut self, name: &str, handler: F) -> Self
    where
        F: Fn(&mut S, &Context) -> Result + 'static,
    {
        let patterns = vec![HookPattern::of_name(name)];
        self.handlers.push(Handler::new(When::Event(patterns), handler));
        self
    }

    /// Registers a handler that runs whenever a condition holds, in every
    /// hook, after the handlers of the event.
    #[must_use]
    pub fn when<F>(mut self, condition: impl Into<Condition>, handler: F) -> Self
    where
        F: Fn(&mut S, &Context) -> Result + 'static,
    {
        let condition = condition.into();
        self.learn(&condition);
        self.handlers.push(Handler::new(When::Flags(condition), handler));
        self
    }

    /// Registers an action.
    ///
    /// One that a user asks for and that is not registered fails, and says so.
    ///
    /// # Panics
    ///
    /// Panics if Juju allows no action of that name.
    #[must_use]
    pub fn action<F, Shape>(mut self, name: &str, action: F) -> Self
    where
        F: ActionFunction<S, Shape> + 'static,
    {
        let when = When::Action(name.parse().unwrap_or_else(|error| panic!("{error}")));
        let run = move |charm: &mut S, cx: &Context| action.run(charm, cx);
        self.handlers.push(Handler::named(short_name::<F>(), when, run));
        self
    }

    /// Registers an endpoint with its interface. A handler for one of its flags
    /// does the same.
    #[must_use]
    pub fn endpoint<E: Interface>(mut self, key: EndpointKey<E>) -> Self {
        self.bind(&key.binding());
        self
    }

    /// Registers an interface for every endpoint of its role and interface that
    /// the charm's own YAML has, each with the handlers that it brings along.
    /// An endpoint that is registered by its key is left as it is.
    ///
    /// The YAML is read in each run. An interface that does not say for which
    /// role and interface it is does not compile here.
    #[must_use]
    pub fn interface<E: Interface>(mut self) -> Self {
        self.interfaces.push(InterfaceBinding::of::<E>(self.handlers.len()));
        self
    }

    /// Tells that the options are read into a type, so that
    /// [`check`](Self::check) finds a field for which the charm's YAML has no
    /// option, or one of another type. An alias of a field must be an option,
    /// too; fields behind `#[serde(flatten)]` are not seen.
    #[must_use]
    pub fn config<T: DeserializeOwned>(mut self) -> Self {
        self.config.push(ConfigFields::of::<T>);
        self
    }

    /// Registers a trigger for every run.
    #[must_use]
    pub fn trigger(mut self, trigger: Trigger) -> Self {
        self.interest.add(trigger.flag());
        if let Some(binding) = trigger.flag().binding().cloned() {
            self.bind(&binding);
        }
        self.triggers.push(trigger);
        self
    }

    /// Has a function say how the charm, or a part of it, is. It is asked at
    /// the end of every run; of several, and of the statuses that handlers have
    /// ended with, the worst is shown: `blocked`, then `maintenance`, then
    /// `waiting`, then `active`.
    ///
    /// Without such a function the status is set only when a handler ends with
    /// one.
    #[must_use]
    pub fn status(mut self, status: impl Fn(&mut S, &Context) -> Result<Status> + 'static) -> Self {
        self.statuses.push(Box::new(status));
        self
    }

    /// Has a function called at the start of each run, before all handlers. A
    /// status that it ends with is shown as one of a handler is.
    #[must_use]
    pub fn at_start(mut self, f: impl Fn(&mut S, &Context) -> Result + 'static) -> Self {
        self.at_start.push(Box::new(f));
        self
    }

    /// Lets handlers of flags not run in runs of this kind. Otherwise they do
    /// in all kinds, as in Python.
    #[must_use]
    pub fn without_flag_handlers_in(mut self, kind: RunKind) -> Self {
        self.without_flag_handlers.insert(kind);
        self
    }

    /// Hands the charm to a function that adds to it, such as the glue between
    /// two crates.
    #[must_use]
    pub fn plug(self, plug: impl FnOnce(Self) -> Self) -> Self {
        plug(self)
    }

    /// Keeps state in a store of the author's own, such as a
    /// [`MemoryStore`](crate::MemoryStore) in a test.
    #[must_use]
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        self.store = Some(Box::new(store));
        self
    }

    /// Has each run followed step by step.
    #[must_use]
    pub fn tracer(mut self, tracer: impl Tracer + 'static) -> Self {
        self.tracer = Some(Box::new(tracer));
        self
    }

    /// Learns which endpoints and flags a condition looks at.
    fn learn(&mut self, condition: &Condition) {
        for flag in condition.flags() {
            self.interest.add(flag);
            if let Some(binding) = flag.binding() {
                self.bind(binding);
            }
        }
    }

    /// Binds the interfaces to the endpoints of the YAML, each in its place
    /// among the handlers. The YAML is read only if there are any.
    fn bind_interfaces(&mut self, env: &HookEnv) -> Result<Option<CharmYaml>> {
        let interfaces = std::mem::take(&mut self.interfaces);
        if interfaces.is_empty() {
            return Ok(None);
        }
        let yaml = CharmYaml::read(env.charm_dir())?;
        // From the last on, so that the places before stay what they are.
        for interface in interfaces.into_iter().rev() {
            let later = self.handlers.split_off(interface.place);
            for name in yaml.endpoints(interface.role, interface.interface) {
                if !self.bindings.contains_key(name.as_str()) {
                    self.bind(&interface.bind_to(name.to_string()));
                }
            }
            self.handlers.extend(later);
        }
        Ok(Some(yaml))
    }

    fn bind(&mut self, binding: &Binding) {
        if let Some(known) = self.bindings.get(binding.name.as_ref()) {
            assert!(
                (known.type_name)() == (binding.type_name)(),
                "the endpoint `{}` has two types: `{}` and `{}`",
                binding.name,
                (known.type_name)(),
                (binding.type_name)()
            );
            return;
        }
        self.bindings.insert(binding.name.to_string(), binding.clone());
        for handler in (binding.handlers)(binding) {
            if let When::Flags(condition) = &handler.when {
                self.learn(condition);
            }
            let action = handler.action;
            let run = move |_: &mut S, cx: &Context| action(cx);
            self.handlers.push(Handler::named(handler.name, handler.when, run));
        }
    }
}

impl<S> fmt::Debug for Charm<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charm")
            .field("charm", &type_name::<S>())
            .field("handlers", &self.handlers)
            .field("triggers", &self.triggers)
            .finish_non_exhaustive()
    }
}
