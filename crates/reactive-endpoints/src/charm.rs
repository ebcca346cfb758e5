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
pub(crate) mod subcommand_end;

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;
use std::rc::Rc;

use juju_hook_env::{Agent, HookEnv, Juju, UnitAgent};
use juju_types::{Event, Status, StatusKind};
use serde::de::DeserializeOwned;

use crate::charm::action::ActionFunction;
use crate::charm::charm_yaml::CharmYaml;
use crate::charm::command_run::Subcommand;
use crate::charm::config_fields::ConfigFields;
use crate::condition::Condition;
use crate::context::Context;
use crate::endpoint::binding::Binding;
use crate::endpoint::endpoint_key::EndpointKey;
use crate::endpoint::endpoints::Endpoints;
use crate::endpoint::interface::Interface;
use crate::endpoint::interface_binding::InterfaceBinding;
use crate::failure::{Failure, Result};
use crate::flag::flag_groups::config_default_flags::ConfigDefaultFlags;
use crate::flag::flag_groups::config_flags::ConfigFlags;
use crate::flag::flag_groups::leader_flag::LeaderFlag;
use crate::flag::flag_groups::leader_settings_flags::LeaderSettingsFlags;
use crate::flag::flag_groups::series_upgrade_flag::SeriesUpgradeFlag;
use crate::flag::flag_groups::{FlagGroup, FlagGroups};
use crate::flag::interest::Interest;
use crate::flag::trigger::Trigger;
use crate::handler::dispatcher::{Dispatcher, describe_run};
use crate::handler::events::Events;
use crate::handler::hook_pattern::HookPattern;
use crate::handler::{Handler, When, short_name};
use crate::run::Run;
use crate::run::run_kind::RunKind;
use crate::state::State;
use crate::state::memory_store::MemoryStore;
use crate::state::store::Store;
use crate::trace::{Phase, TraceEvent, Tracer};

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

    /// Has the flags of config options kept that Python's basic layer keeps:
    ///
    /// | flag | is set while |
    /// | --- | --- |
    /// | `config.changed.OPTION` | the value is not what it was in the last run that looked and succeeded; in the first run, for each option |
    /// | `config.changed` | any option has changed |
    /// | `config.set.OPTION` | the value is not empty, zero or false |
    /// | `config.default.OPTION` | the option has its default value |
    ///
    /// They hold during one run: at its end they are cleared. Nothing is asked
    /// of Juju in a run that looks at none of them, and no change is lost by
    /// that. A unit whose charm was written in Python, or will be again, sees
    /// no change where there is none.
    ///
    /// ```
    /// use reactive_endpoints::{Charm, Context, Flag, Result};
    ///
    /// const PORT_CHANGED: Flag = Flag::new("config.changed.port");
    ///
    /// fn restart(_: &mut (), _: &Context) -> Result {
    ///     Ok(())
    /// }
    ///
    /// let charm = Charm::new(()).config_flags().when(&PORT_CHANGED, restart);
    /// # drop(charm);
    /// ```
    ///
    /// What a value was is told by
    /// [`Context::config_changes`](crate::Context::config_changes).
    #[must_use]
    pub fn config_flags(mut self) -> Self {
        self.groups.push(Box::new(ConfigFlags));
        self.groups.push(Box::new(ConfigDefaultFlags));
        self
    }

    /// Has the flags of leadership kept that Python's leadership layer keeps:
    ///
    /// | flag | is set while |
    /// | --- | --- |
    /// | `leadership.is_leader` | the unit is the leader of its application |
    /// | `leadership.set.KEY` | there is such a leader setting |
    /// | `leadership.changed.KEY` | the setting is not what it was in the last run that looked and succeeded |
    /// | `leadership.changed` | any setting has changed |
    ///
    /// Nothing is asked of Juju in a run that looks at none of them. Settings
    /// that this unit writes with
    /// [`Context::leader_set`](crate::Context::leader_set) have their flags at
    /// once.
    ///
    /// From Juju 4.0 on there are no leader settings: there only
    /// `leadership.is_leader` can be looked at, and a run that looks at one of
    /// the others fails.
    #[must_use]
    pub fn leadership_flags(mut self) -> Self {
        self.groups.push(Box::new(LeaderFlag));
        self.groups.push(Box::new(LeaderSettingsFlags));
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

    /// Has a function called at the start of each run, before all handlers.
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
    /// [`MemoryStore`] in a test.
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

    /// Runs the charm from `main`; see [`juju_hook_env::run`].
    ///
    /// If the program was given arguments, which Juju never does, they are a
    /// subcommand; see [`run_command`](Self::run_command).
    #[expect(clippy::disallowed_methods, reason = "this is the way into a program")]
    pub fn run(self) -> ExitCode {
        let arguments = std::env::args_os().skip(1);
        let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
        let arguments: Vec<String> = arguments.collect();
        if arguments.is_empty() {
            return juju_hook_env::run(|env, juju| self.run_once(env, juju));
        }
        let answer = self.answer(&arguments, HookEnv::from_process);
        // Nobody may be there to read it; the exit code tells the rest.
        let _ = std::io::stdout().write_all(answer.output.as_bytes());
        let _ = std::io::stderr().write_all(answer.error.as_bytes());
        answer.code
    }

    /// Runs the charm with the variables of a hook, and talks to the agent that
    /// they name: in a test, that of a simulated unit.
    ///
    /// Nothing of the process is touched, so many can run at the same time.
    pub fn run_in<K, V>(self, variables: impl IntoIterator<Item = (K, V)>) -> ExitCode
    where
        K: Into<String>,
        V: Into<String>,
    {
        match HookEnv::from_pairs(variables) {
            Ok(env) => {
                let agent = UnitAgent::new(&env);
                self.run_with(&env, agent)
            }
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Runs the charm in a given environment and through a given agent.
    pub fn run_with(self, env: &HookEnv, agent: impl Agent + 'static) -> ExitCode {
        juju_hook_env::run_in(env, agent, |env, juju| self.run_once(env, juju))
    }

    fn run_once(mut self, env: &HookEnv, juju: &Juju) -> juju_hook_env::CharmResult {
        self.perform(env, juju).map_err(Failure::into_error)
    }

    fn perform(&mut self, env: &HookEnv, juju: &Juju) -> Result {
        let cx = self.open(env, juju, None)?;
        self.handle(&cx, RunKind::of(env))
    }

    /// Opens the state of the unit; `preview` is the hook to be in, in the
    /// place of the real one.
    pub(crate) fn open(
        &mut self,
        env: &HookEnv,
        juju: &Juju,
        preview: Option<String>,
    ) -> Result<Context> {
        let juju = Juju::new(env, juju.agent().clone());
        let store: Box<dyn Store> = match self.store.take() {
            // Its tools are refused, and nothing is kept.
            _ if RunKind::of(env) == RunKind::Restricted => Box::new(MemoryStore::new()),
            Some(store) => store,
            None => default_store(env),
        };
        let state = State::open(store, &juju)?;
        let run = Rc::new(Run::new(juju, state));
        run.watch.set_tracer(self.tracer.take());
        let yaml = self.bind_interfaces(env)?;
        let bindings = std::mem::take(&mut self.bindings).into_values();
        let endpoints = Endpoints::new(bindings, std::mem::take(&mut self.interest), &run);
        let groups = FlagGroups::new(std::mem::take(&mut self.groups));
        Ok(Context::new(run, endpoints, groups, yaml, preview))
    }

    pub(crate) fn register_triggers(&mut self, cx: &Context) {
        cx.register_triggers(self.triggers.drain(..));
    }

    fn handle(&mut self, cx: &Context, kind: RunKind) -> Result {
        cx.watch().trace(&TraceEvent::Begun { run: &describe_run(cx) });
        cx.watch().trace(&TraceEvent::Phase(Phase::Start));
        self.register_triggers(cx);
        if kind != RunKind::Restricted {
            cx.groups().begin(cx)?;
            for start in &self.at_start {
                start(&mut self.author, cx)?;
            }
            cx.endpoints().begin(cx)?;
        }
        let flag_handlers = !self.without_flag_handlers.contains(&kind);
        let dispatcher = Dispatcher::new(&self.handlers, cx);
        let raised = dispatcher.dispatch(&mut self.author, flag_handlers)?;
        if kind == RunKind::Restricted {
            return Ok(());
        }
        cx.watch().trace(&TraceEvent::Phase(Phase::End));
        cx.exit()?;
        cx.files().store();
        cx.freshen_endpoints()?;
        self.show_status(cx, raised)?;
        cx.groups().end(cx)?;
        cx.take_fault().map_or(Ok(()), Err)?;
        let run = cx.run();
        cx.config_memory().store(&run.state);
        run.published.send(&run.juju)?;
        run.state.commit(&run.juju)?;
        cx.config_memory().update_file()
    }

    fn show_status(&mut self, cx: &Context, mut statuses: Vec<Status>) -> Result {
        // The unit is about to go; Juju says so itself.
        if matches!(cx.env().event(), Some(Event::Remove)) {
            return Ok(());
        }
        for status in &self.statuses {
            match status(&mut self.author, cx) {
                Ok(status) | Err(Failure::Status(status)) => statuses.push(status),
                Err(error) => return Err(error),
            }
        }
        // The first of equals.
        let worst = statuses.into_iter().rev().max_by_key(|status| severity(status.kind()));
        worst.map_or(Ok(()), |status| Ok(cx.juju().status_set(&status)?))
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

/// Returns how bad a status is.
fn severity(kind: StatusKind) -> u8 {
    match kind {
        StatusKind::Active => 0,
        StatusKind::Waiting => 1,
        StatusKind::Maintenance => 2,
        StatusKind::Blocked => 3,
    }
}

#[cfg(feature = "sqlite")]
fn default_store(env: &HookEnv) -> Box<dyn Store> {
    Box::new(crate::state::sqlite_store::SqliteStore::of(env))
}

#[cfg(not(feature = "sqlite"))]
fn default_store(_: &HookEnv) -> Box<dyn Store> {
    panic!("without the feature `sqlite`, a charm needs `Charm::store`")
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
