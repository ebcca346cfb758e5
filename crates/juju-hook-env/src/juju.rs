//! Juju as the charm sees it: every hook tool as a method.

mod action;
mod application;
mod config;
pub(crate) mod credential;
pub(crate) mod goal_state;
mod leader;
pub(crate) mod log;
pub(crate) mod network;
pub(crate) mod opened_port;
pub(crate) mod port;
pub(crate) mod port_scope;
mod port_table;
pub(crate) mod reboot;
mod relation;
mod relation_data;
mod resource;
pub(crate) mod secret;
mod state;
pub(crate) mod status;
pub(crate) mod storage;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::agent::Agent;
use crate::env::HookEnv;
use crate::error::ToolError;
use crate::tool::HookTool;
use crate::tool_call::ToolCall;

/// Juju as the charm sees it during one hook: every hook tool as a method
/// named after it, with types for what goes in and comes out.
///
/// **Reads are remembered** for the hook, because Juju shows a hook one
/// unchanging world; a write drops what it outdates. **Writes of equal data
/// send nothing.** What a method reads to find that out is remembered, too.
///
/// A value belongs to one hook and one thread. To call hook tools from another
/// thread, share the [`Agent`].
///
/// ```
/// use juju_hook_env::{HookEnv, Juju, ScriptedAgent};
/// use juju_types::Status;
/// # let env = HookEnv::from_pairs([
/// #     ("JUJU_CHARM_DIR", "/charm"),
/// #     ("JUJU_CONTEXT_ID", "app/0-install-1"),
/// #     ("JUJU_HOOK_NAME", "install"),
/// #     ("JUJU_MODEL_NAME", "prod"),
/// #     ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
/// #     ("JUJU_UNIT_NAME", "app/0"),
/// #     ("JUJU_VERSION", "3.6.28"),
/// # ])?;
///
/// #[derive(serde::Deserialize)]
/// struct Config {
///     port: u16,
/// }
///
/// let agent = ScriptedAgent::new()
///     .answer("config-get --all --format=json", r#"{"port": 9100}"#)
///     .answer("opened-ports --endpoints --format=json", "[]")
///     .answer("open-port 9100/tcp", "");
/// let juju = Juju::new(&env, agent.clone());
///
/// let config: Config = juju.config_get()?;
/// juju.set_ports([config.port])?;
/// juju.set_ports([config.port])?; // sends nothing
/// assert_eq!(agent.calls().len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Juju {
    env: HookEnv,
    agent: Arc<dyn Agent>,
    /// The folders for files with secret content; the first is tried first.
    secret_dirs: Vec<PathBuf>,

    action: action::Memos,
    application: application::Memos,
    config: config::Memos,
    credential: credential::Memos,
    goal_state: goal_state::Memos,
    leader: leader::Memos,
    network: network::Memos,
    port: port_table::Memos,
    relation: relation::Memos,
    relation_data: relation_data::Memos,
    resource: resource::Memos,
    secret: secret::Memos,
    state: state::Memos,
    status: status::Memos,
    storage: storage::Memos,
}

impl Juju {
    /// Calls hook tools through `agent`, for the hook with the environment `env`.
    pub fn new(env: &HookEnv, agent: impl Agent + 'static) -> Self {
        Self {
            env: env.clone(),
            agent: Arc::new(agent),
            secret_dirs: vec![PathBuf::from("/dev/shm"), env.charm_dir().to_owned()],
            action: action::Memos::default(),
            application: application::Memos::default(),
            config: config::Memos::default(),
            credential: credential::Memos::default(),
            goal_state: goal_state::Memos::default(),
            leader: leader::Memos::default(),
            network: network::Memos::default(),
            port: port_table::Memos::default(),
            relation: relation::Memos::default(),
            relation_data: relation_data::Memos::default(),
            resource: resource::Memos::default(),
            secret: secret::Memos::default(),
            state: state::Memos::default(),
            status: status::Memos::default(),
            storage: storage::Memos::default(),
        }
    }

    /// Returns the same with another folder for the content of secrets, an
    /// absolute path that the agent can read as well.
    ///
    /// While [`secret_add`](Self::secret_add) and
    /// [`secret_set`](Self::secret_set) run, the content lies there in a file
    /// that nobody else can read. A process that is killed meanwhile leaves it
    /// behind. Otherwise the folder is `/dev/shm`, which is on no disk and
    /// empty after a reboot, or else that of the charm.
    #[must_use]
    pub fn with_secret_dir(self, dir: impl Into<PathBuf>) -> Self {
        Self { secret_dirs: vec![dir.into()], ..self }
    }

    /// Returns the environment of the hook.
    pub fn env(&self) -> &HookEnv {
        &self.env
    }

    /// Returns whom the hook tools are called through.
    pub fn agent(&self) -> &Arc<dyn Agent> {
        &self.agent
    }

    /// Refuses a tool that this version of Juju does not have.
    fn require(&self, tool: HookTool) -> Result<(), ToolError> {
        match self.env.version() {
            Some(version) if !tool.exists_in(version) => {
                Err(ToolError::NotInThisVersion { tool, version: Some(version.clone()) })
            }
            _ => Ok(()),
        }
    }

    /// Calls a tool and returns what it printed.
    fn ask(&self, call: &ToolCall) -> Result<Vec<u8>, ToolError> {
        let tool = call.tool;
        self.require(tool)?;
        // No program can be given such an argument. So that the charm hears
        // the same through every agent, it is refused here.
        if call.args.iter().any(|arg| arg.contains('\0')) {
            return Err(ToolError::bad_argument(tool, "an argument must not hold a NUL character"));
        }
        let answer = self.agent.call(call).map_err(|error| ToolError::from_agent(tool, error))?;
        if answer.code != 0 {
            return Err(ToolError::from_refusal(tool, &answer, self.env.version()));
        }
        Ok(answer.stdout)
    }

    /// Calls a tool that prints nothing.
    fn tell(&self, call: &ToolCall) -> Result<(), ToolError> {
        self.ask(call).map(drop)
    }

    /// Calls a tool that prints JSON.
    fn ask_json<T: DeserializeOwned>(
        &self,
        call: &ToolCall,
        expected: &str,
    ) -> Result<T, ToolError> {
        let stdout = self.ask(call)?;
        serde_json::from_slice(&stdout).map_err(|error| {
            let got = if call.tool.prints_secrets() {
                format!("{} bytes of something else", stdout.len())
            } else {
                let text = String::from_utf8_lossy(&stdout);
                format!("`{}` ({error})", text.trim().chars().take(200).collect::<String>())
            };
            ToolError::Unreadable { tool: call.tool, got, expected: expected.to_owned() }
        })
    }
}

impl fmt::Debug for Juju {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is remembered may be secret.
        f.debug_struct("Juju").field("agent", &self.agent).finish_non_exhaustive()
    }
}

/// Turns a refusal into `None`, where a value is read only to see whether a
/// write would change it: then the write itself is to be refused, or not.
fn readable<T>(read: Result<T, ToolError>) -> Result<Option<T>, ToolError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(
            ToolError::Failed { .. }
            | ToolError::NotFound { .. }
            | ToolError::NotLeader { .. }
            | ToolError::PermissionDenied { .. },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}
