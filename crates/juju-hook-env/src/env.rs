//! The environment of a hook.

pub(crate) mod action_context;
pub(crate) mod agent_socket;
pub(crate) mod context_id;
pub(crate) mod debug_session;
mod event_variables;
pub(crate) mod hook_env_error;
pub(crate) mod kubernetes;
pub(crate) mod meter;
pub(crate) mod proxy;
mod read;
mod reader;
mod surroundings;
pub(crate) mod trace_config;
pub(crate) mod trace_parent;
pub mod variable;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use juju_types::{
    CharmBase, CheckName, ContainerName, Event, JujuVersion, MachineId, ModelName, ModelUuid,
    Notice, RelationContext, SecretContext, StorageContext, UnitName,
};

use self::action_context::ActionContext;
use self::agent_socket::AgentSocket;
use self::context_id::ContextId;
use self::hook_env_error::HookEnvError;
use self::kubernetes::KubernetesApi;
use self::meter::Meter;
use self::proxy::ProxyUrl;
use self::read::read;
use self::trace_parent::TraceParent;
use self::variable as var;
use crate::agent_route::AgentRoute;
use crate::host_port::HostPort;

/// What Juju tells a charm through variables: every one of them, as a type.
///
/// A variable that is empty counts as absent, as Juju means it. Pairs that
/// this crate does not know are kept, see [`HookEnv::other`]. The names are in
/// the module [`variable`].
///
/// `Debug` shows no token, no password of a proxy, and of unknown variables no
/// more than the name.
///
/// ```
/// use juju_hook_env::HookEnv;
/// use juju_types::Event;
///
/// let env = HookEnv::from_pairs([
///     ("JUJU_CHARM_DIR", "/var/lib/juju/agents/unit-mysql-0/charm"),
///     ("JUJU_CONTEXT_ID", "mysql/0-install-9f86d081884c7d65"),
///     ("JUJU_DISPATCH_PATH", "hooks/install"),
///     ("JUJU_MODEL_NAME", "prod"),
///     ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
///     ("JUJU_UNIT_NAME", "mysql/0"),
///     ("JUJU_VERSION", "3.6.28"),
/// ])?;
/// assert_eq!(env.event(), Some(&Event::Install));
/// assert_eq!(env.unit().number(), 0);
/// assert_eq!(env.machine_id(), None);
/// # Ok::<(), juju_hook_env::HookEnvError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct HookEnv {
    // All pairs as they came, to be handed on to hook tools.
    variables: BTreeMap<String, String>,

    action: Option<ActionContext>,
    agent_route: Option<AgentRoute>,
    agent_socket: Option<AgentSocket>,
    api_addresses: Vec<HostPort>,
    charm_dir: PathBuf,
    check: Option<CheckName>,
    context_id: ContextId,
    departing_unit: Option<UnitName>,
    event: Option<Event>,
    kubernetes: Option<KubernetesApi>,
    machine_id: Option<MachineId>,
    meter: Option<Meter>,
    model_name: Option<ModelName>,
    model_uuid: Option<ModelUuid>,
    notice: Option<Notice>,
    principal: Option<UnitName>,
    relation: Option<RelationContext>,
    remote_unit: Option<UnitName>,
    secret: Option<SecretContext>,
    secret_revision: Option<u32>,
    storage: Option<StorageContext>,
    target_base: Option<CharmBase>,
    trace_parent: Option<TraceParent>,
    unit: UnitName,
    version: Option<JujuVersion>,
    workload: Option<ContainerName>,
}

impl HookEnv {
    /// Reads the variables of this process.
    ///
    /// A variable that Juju does not define and that is not UTF-8 is left out.
    ///
    /// # Errors
    ///
    /// Returns every fault if a variable is missing that every hook has, or is
    /// malformed. [`HookEnvError::is_outside_juju`] tells whether the process
    /// was started by Juju at all.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the process's environment"
    )]
    pub fn from_process() -> Result<Self, HookEnvError> {
        Self::from_pairs(std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            match value.into_string() {
                Ok(value) => Some((name, value)),
                // The mark for a lost character makes the value break a rule
                // if there is one for it.
                Err(value) if var::ALL.contains(&name.as_str()) => {
                    Some((name, value.to_string_lossy().into_owned()))
                }
                Err(_) => None,
            }
        }))
    }

    /// Reads variables from pairs of name and value, of which later ones win.
    ///
    /// # Errors
    ///
    /// Returns every fault if a variable is missing that every hook has, or is
    /// malformed.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, HookEnvError>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let pairs = pairs.into_iter();
        let variables = pairs.map(|(name, value)| (name.into(), value.into())).collect();
        read(variables)
    }

    /// Returns the folder of the charm's files.
    pub fn charm_dir(&self) -> &Path {
        &self.charm_dir
    }

    /// Returns the id that the agent has given this run.
    pub fn context_id(&self) -> &ContextId {
        &self.context_id
    }

    /// Returns what Juju runs the charm for, or `None` if for no event: for a
    /// command of `juju-exec`.
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    /// Returns the name of the model, which is absent in the limited context
    /// of the metering hooks alone.
    pub fn model_name(&self) -> Option<&ModelName> {
        self.model_name.as_ref()
    }

    /// Returns the UUID of the model, which is absent in the limited context
    /// of the metering hooks alone.
    pub fn model_uuid(&self) -> Option<ModelUuid> {
        self.model_uuid
    }

    /// Returns the value of a variable that this crate does not know.
    pub fn other(&self, name: &str) -> Option<&str> {
        if var::ALL.contains(&name) { None } else { self.text(name) }
    }

    /// Returns the name of the unit.
    pub fn unit(&self) -> &UnitName {
        &self.unit
    }

    /// Returns all pairs as they came, also empty and unknown ones, by name.
    ///
    /// This is what a child process needs that calls hook tools itself.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the version of the agent, which is absent in the limited
    /// context of the metering hooks alone.
    pub fn version(&self) -> Option<&JujuVersion> {
        self.version.as_ref()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

#[expect(
    clippy::missing_fields_in_debug,
    reason = "the other fields come from the variables, which are shown"
)]
impl fmt::Debug for HookEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("HookEnv");
        shown.field("event", &self.event.as_ref().map(Event::to_string));
        for (name, value) in self.variables().filter(|(_, value)| !value.is_empty()) {
            if name == var::JUJU_AGENT_TOKEN || !var::ALL.contains(&name) {
                shown.field(name, &format_args!("…"));
            } else if name.to_ascii_uppercase().ends_with("_PROXY") {
                shown.field(name, &ProxyUrl::new(value));
            } else {
                shown.field(name, &value);
            }
        }
        shown.finish()
    }
}
