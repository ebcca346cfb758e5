//! The environment of a Juju hook, and every hook tool as a typed method.
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use juju_hook_env::{CharmResult, HookEnv, Juju, run};
//! use juju_types::Status;
//!
//! fn main() -> ExitCode {
//!     run(charm)
//! }
//!
//! fn charm(_: &HookEnv, juju: &Juju) -> CharmResult {
//!     let port: Option<u16> = juju.config_get_key("port")?;
//!     juju.set_ports(port)?;
//!     juju.status_set(&match port {
//!         Some(_) => Status::active(),
//!         None => Status::blocked("set the option `port`"),
//!     })?;
//!     Ok(())
//! }
//! ```
//!
//! [`HookEnv`] is what Juju says through variables. [`Juju`] has a method for
//! each hook tool. [`Agent`] is the seam between the two: [`UnitAgent`] talks
//! to the unit's agent, over its socket or by the tools' programs, and
//! [`ScriptedAgent`] stands in for it in tests. [`run()`] puts it all together.
//!
//! # What is not here
//!
//! Nothing is kept from one hook to the next, and nothing is decided for the
//! charm: no handlers, no flags, no status of its own. The nouns are in
//! `juju-types`; what a charm does to its machine is in `charm-machine`. The
//! tools for payloads, metrics and pod specs, which Juju 4.0 does not have, are
//! left out.

mod address;
mod agent;
mod agent_route;
mod env;
mod error;
mod host_name;
mod host_port;
mod json_text;
mod juju;
mod log_layer;
mod memo;
mod refusal;
mod run;
mod scripted_agent;
mod socket_agent;
mod subnet;
mod tool;
mod tool_answer;
mod tool_call;
mod tool_programs;
mod unit_agent;
mod yaml_safe_json;

pub use address::Address;
pub use agent::{Agent, AgentError};
pub use agent_route::{AgentRoute, ParseAgentRouteError};
pub use env::action_context::ActionContext;
pub use env::agent_socket::{AgentSocket, AgentToken};
pub use env::context_id::ContextId;
pub use env::debug_session::DebugSession;
pub use env::hook_env_error::HookEnvError;
pub use env::kubernetes::KubernetesApi;
pub use env::meter::{Meter, MeterStatus};
pub use env::proxy::{ProxySettings, ProxyUrl};
pub use env::trace_config::TraceConfig;
pub use env::trace_parent::TraceParent;
pub use env::{HookEnv, variable};
pub use error::ToolError;
pub use host_name::{HostName, ParseHostNameError};
pub use host_port::{HostPort, ParseHostPortError};
pub use juju::Juju;
pub use juju::credential::{CloudCredential, CloudSpec};
pub use juju::goal_state::{Goal, GoalState, RelationGoals};
pub use juju::log::LogLevel;
pub use juju::network::{BindAddress, Network, NetworkAddress, UnitAddress};
pub use juju::opened_port::OpenedPort;
pub use juju::port::PortChanges;
pub use juju::port_scope::PortScope;
pub use juju::reboot::Reboot;
pub use juju::secret::access::SecretGrantee;
pub use juju::secret::change::SecretChange;
pub use juju::secret::content::SecretContent;
pub use juju::secret::expiry::SecretExpiry;
pub use juju::secret::info::{SecretAccess, SecretInfo};
pub use juju::secret::owner::SecretOwner;
pub use juju::secret::query::{SecretQuery, SecretRef};
pub use juju::secret::rotation::{ParseRotationPolicyError, RotationPolicy};
pub use juju::secret::spec::SecretSpec;
pub use juju::status::{ApplicationStatusReport, StatusReport};
pub use juju::storage::Storage;
pub use log_layer::{JujuLogLayer, with_juju_log};
pub use run::{CharmResult, run, run_in, run_with};
pub use scripted_agent::ScriptedAgent;
pub use socket_agent::SocketAgent;
pub use subnet::{ParseSubnetError, Subnet};
pub use tool::{HookTool, ParseHookToolError};
pub use tool_answer::ToolAnswer;
pub use tool_call::ToolCall;
pub use tool_programs::ToolPrograms;
pub use unit_agent::UnitAgent;
