//! What a handler works with.

mod flag_methods;

use std::borrow::Borrow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::rc::Rc;

use juju_hook_env::{HookEnv, Juju};
use juju_types::{ActionName, EndpointName, Event, RelationRole, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::charm::charm_yaml::CharmYaml;
use crate::condition::invocation_id::InvocationId;
use crate::condition::watched_files::WatchedFiles;
use crate::endpoint::endpoint_key::EndpointKey;
use crate::endpoint::endpoints::Endpoints;
use crate::endpoint::interface::Interface;
use crate::failure::{Failure, OrStatus, Result};
use crate::flag::flag_groups::FlagGroups;
use crate::flag::flag_groups::config_changes::ConfigChanges;
use crate::flag::flag_groups::config_memory::ConfigMemory;
use crate::flag::flag_groups::leader_settings_flags::LeaderSettingsFlags;
use crate::flag::flag_watch::FlagWatch;
use crate::flag::flags::Flags;
use crate::flag::trigger::Trigger;
use crate::handler::hook_pattern::HookPattern;
use crate::key_list::Keyed;
use crate::key_list::cached_key_list::CachedKeyList;
use crate::run::Run;
use crate::state::data_digest::DataDigest;
use crate::state::kv::Kv;

/// What is called when all handlers have run.
type AtExit = Box<dyn FnOnce(&Context) -> Result>;

/// What a handler works with during one run: flags, endpoints, stored data,
/// and Juju.
///
/// Whatever a handler changes here is seen by all that runs after it, and is
/// kept and published when the whole run succeeds.
pub struct Context {
    run: Rc<Run>,
    flags: Flags,
    endpoints: Endpoints,
    groups: FlagGroups,
    config: ConfigMemory,
    files: WatchedFiles,
    charm_yaml: OnceCell<CharmYaml>,
    /// The hook to be in, in the place of the real one.
    preview: Option<String>,
    at_exit: RefCell<Vec<AtExit>>,
}

impl Context {
    pub(crate) fn new(
        run: Rc<Run>,
        endpoints: Endpoints,
        groups: FlagGroups,
        yaml: Option<CharmYaml>,
        preview: Option<String>,
    ) -> Self {
        let flags = Flags::new(Rc::clone(&run));
        let files = WatchedFiles::new(Rc::clone(&run));
        let charm_yaml = yaml.map_or_else(OnceCell::new, OnceCell::from);
        let (config, at_exit) = (ConfigMemory::default(), RefCell::default());
        Self { run, flags, endpoints, groups, config, files, charm_yaml, preview, at_exit }
    }

    /// Returns every hook tool as a method.
    pub fn juju(&self) -> &Juju {
        &self.run.juju
    }

    /// Tells whether this unit is the leader of its application.
    ///
    /// Juju is asked once in a run, and all that looks later acts on the same
    /// answer: leadership can be lost before the run ends.
    /// [`Juju::is_leader`](juju_hook_env::Juju::is_leader) asks again.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) if Juju cannot tell.
    pub fn is_leader(&self) -> Result<bool> {
        self.run.is_leader()
    }

    /// Returns the environment of the run.
    pub fn env(&self) -> &HookEnv {
        self.run.juju.env()
    }

    /// Returns the config as a type of the charm's own; see
    /// [`Juju::config_get`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`](juju_hook_env::ToolError) that names the option
    /// if the config does not fit `T`.
    pub fn config<T: DeserializeOwned>(&self) -> std::result::Result<T, juju_hook_env::ToolError> {
        self.juju().config_get()
    }

    /// Returns how the config differs from what it was in the last run that
    /// looked at it and succeeded: what is asked for here or through the flags
    /// of [`Charm::config_flags`](crate::Charm::config_flags) counts as seen
    /// when this run succeeds.
    ///
    /// ```
    /// use reactive_endpoints::{Context, Result};
    ///
    /// fn configure(cx: &Context) -> Result {
    ///     let changes = cx.config_changes()?;
    ///     if changes.changed("port")
    ///         && let Some(port) = changes.previous::<u16>("port")?
    ///     {
    ///         cx.juju().close_port(port)?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say, or if what a Python charm has
    /// noted of its config cannot be read from its file.
    pub fn config_changes(&self) -> Result<ConfigChanges> {
        self.config.changes(&self.run)
    }

    /// Writes leader settings (up to Juju 3.6), and has their flags follow at
    /// once; see [`Charm::leadership_flags`](crate::Charm::leadership_flags).
    /// An empty value removes its key. Other units see the change in their
    /// next hooks.
    ///
    /// Wraps [`Juju::leader_set`], which does not wait for the run to succeed.
    ///
    /// # Errors
    ///
    /// Returns those of [`Juju::leader_set`].
    pub fn leader_set<K, V>(&self, settings: impl IntoIterator<Item = (K, V)>) -> Result
    where
        K: Into<String>,
        V: Into<String>,
    {
        let settings = settings.into_iter().map(|(key, value)| (key.into(), value.into()));
        let settings: BTreeMap<String, String> = settings.collect();
        self.juju().leader_set(settings.clone())?;
        LeaderSettingsFlags::follow(self, &settings)
    }

    /// Returns an endpoint.
    ///
    /// # Panics
    ///
    /// Panics, which fails the run, if the charm was not told of the endpoint:
    /// by [`Charm::endpoint`](crate::Charm::endpoint), or by a handler for one
    /// of its flags.
    pub fn endpoint<E: Interface>(&self, key: EndpointKey<E>) -> Rc<E> {
        self.endpoints.get(self, key.as_str())
    }

    /// Returns all endpoints that have this type, in the order of their names:
    /// those that [`Charm::interface`](crate::Charm::interface) has found in the
    /// charm's YAML, and those that were registered by their keys.
    pub fn endpoints_of<E: Interface>(&self) -> Vec<Rc<E>> {
        self.endpoints.all_of(self)
    }

    /// Returns the address that the remote side of an endpoint can reach this
    /// unit at.
    ///
    /// Wraps [`Juju::network_get`].
    ///
    /// # Errors
    ///
    /// Returns an error if Juju does not say, or shows `waiting` if Juju knows
    /// no such address yet.
    pub fn ingress_address<E: Interface>(&self, key: EndpointKey<E>) -> Result<IpAddr> {
        let network = self.juju().network_get(&key.name())?;
        network.ingress_ip().or_waiting(format!("no address for the endpoint {key}"))
    }

    /// Returns the charm's own stored data.
    pub fn kv(&self) -> Kv {
        self.flags.kv()
    }

    /// Returns a list of the charm's own that is kept from run to run, under a
    /// key of [`kv`](Self::kv).
    ///
    /// It is read anew, and lists of earlier calls do not follow: change one of
    /// them, or a clone of it, at a time.
    ///
    /// # Errors
    ///
    /// Returns a [`KvError`](crate::KvError) if what is stored there is no
    /// such list.
    pub fn key_list<T>(&self, key: &str) -> Result<CachedKeyList<T>>
    where
        T: Clone + DeserializeOwned + Keyed + Serialize,
    {
        CachedKeyList::read(self.kv(), key)
    }

    /// Tells whether data are not what they were when this was last called
    /// with that id, and remembers them (by their digest).
    ///
    /// # Errors
    ///
    /// Returns an error if the data cannot be written as JSON.
    pub fn data_changed<T: Serialize + ?Sized>(&self, id: &str, data: &T) -> Result<bool> {
        Ok(DataDigest::of(data)?.update(&self.run.state, id))
    }

    /// Tells the same as [`data_changed`](Self::data_changed), and remembers
    /// nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the data cannot be written as JSON.
    pub fn is_data_changed<T: Serialize + ?Sized>(&self, id: &str, data: &T) -> Result<bool> {
        Ok(DataDigest::of(data)?.differs(&self.run.state, id))
    }

    /// Tells whether something was done before, as [`once`](crate::once) and
    /// [`mark_invoked`](Self::mark_invoked) note it.
    pub fn was_invoked(&self, id: impl Into<InvocationId>) -> bool {
        id.into().keys().any(|key| self.run.state.get(&key).is_some_and(|row| row == "true"))
    }

    /// Notes that something was done.
    pub fn mark_invoked(&self, id: impl Into<InvocationId>) {
        if let Some(key) = id.into().keys().next() {
            self.run.state.set(&key, Some("true".to_owned()));
        }
    }

    /// Tells whether the hook that runs is meant by one of the patterns.
    pub fn any_hook<P: Borrow<HookPattern>>(&self, patterns: impl IntoIterator<Item = P>) -> bool {
        let Some(name) = self.hook() else { return false };
        let endpoints = |role, interface: &str| self.endpoint_names(role, interface);
        patterns.into_iter().any(|pattern| pattern.borrow().matches(&name, endpoints))
    }

    /// Has a function called when all handlers have run, before anything is
    /// published or kept; the last one that was given is called first. A status
    /// that it ends with is shown as one of a handler is.
    pub fn at_exit(&self, f: impl FnOnce(&Self) -> Result + 'static) {
        self.at_exit.borrow_mut().push(Box::new(f));
    }

    /// Returns the name of the hook that runs, if it is one.
    pub(crate) fn hook(&self) -> Option<String> {
        let real = || match self.env().event() {
            // It may bear the name of a hook.
            None | Some(Event::Action(_)) => None,
            Some(event) => Some(event.to_string()),
        };
        self.preview.clone().or_else(real)
    }

    /// Returns the action that runs, if it is one.
    pub(crate) fn action(&self) -> Option<&ActionName> {
        match self.env().event() {
            Some(Event::Action(name)) if self.preview.is_none() => Some(name),
            _ => None,
        }
    }

    /// Returns the endpoints of a role and interface, as the charm's YAML has
    /// them.
    fn endpoint_names(&self, role: RelationRole, interface: &str) -> Vec<EndpointName> {
        self.charm_yaml().endpoints(role, interface)
    }

    /// Returns what the charm's own YAML files say. The run has failed if they
    /// cannot be read.
    pub(crate) fn charm_yaml(&self) -> &CharmYaml {
        self.charm_yaml.get_or_init(|| {
            CharmYaml::read(self.env().charm_dir()).unwrap_or_else(|error| {
                self.run.fail(error.into());
                CharmYaml::default()
            })
        })
    }

    pub(crate) fn run(&self) -> &Rc<Run> {
        &self.run
    }

    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    pub(crate) fn groups(&self) -> &FlagGroups {
        &self.groups
    }

    pub(crate) fn config_memory(&self) -> &ConfigMemory {
        &self.config
    }

    pub(crate) fn files(&self) -> &WatchedFiles {
        &self.files
    }

    pub(crate) fn watch(&self) -> &FlagWatch {
        &self.run.watch
    }

    /// Registers the triggers of a charm, and those of its endpoints.
    pub(crate) fn register_triggers(&self, triggers: impl Iterator<Item = Trigger>) {
        triggers.for_each(|trigger| self.flags.register(trigger));
        self.endpoints.register_triggers(&self.flags);
    }

    pub(crate) fn freshen_endpoints(&self) -> Result {
        self.endpoints.freshen_touched(self)
    }

    pub(crate) fn take_fault(&self) -> Option<Failure> {
        self.run.take_fault()
    }

    /// Calls what was to be called at the end, and what that adds, and returns
    /// the statuses that they have ended with.
    pub(crate) fn exit(&self) -> Result<Vec<Status>> {
        let mut raised = Vec::new();
        loop {
            // Not borrowed while it runs: it may add another.
            let next = self.at_exit.borrow_mut().pop();
            match next {
                Some(f) => raised.extend(Failure::raised(f(self))?),
                None => return Ok(raised),
            }
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("env", self.env()).finish_non_exhaustive()
    }
}
