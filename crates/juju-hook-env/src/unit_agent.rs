//! The agent of this unit, on the way that works.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::agent::{Agent, AgentError};
use crate::agent_route::AgentRoute;
use crate::env::HookEnv;
use crate::socket_agent::SocketAgent;
use crate::tool_answer::ToolAnswer;
use crate::tool_call::ToolCall;
use crate::tool_programs::ToolPrograms;

/// The unit's agent, as [`run()`](crate::run()) talks to it.
///
/// Hook tools are called over the agent's socket ([`SocketAgent`]). If there is
/// no such socket, or whoever listens there does not speak as an agent does,
/// the tools' programs do it instead ([`ToolPrograms`]), for this call and the
/// rest of the hook. Both ways give the same answers. A command that may have
/// run is never called a second time.
///
/// The variable [`CHARM_AGENT`] or [`with_route`](Self::with_route) settle on
/// one way, to find out which of them is at fault:
///
/// ```console
/// $ juju exec --unit app/0 'CHARM_AGENT=programs JUJU_DISPATCH_PATH=hooks/update-status ./dispatch'
/// ```
///
/// ```
/// use juju_hook_env::{AgentRoute, CharmResult, HookEnv, Juju, UnitAgent, run_in};
///
/// fn by_programs(env: &HookEnv, charm: fn(&HookEnv, &Juju) -> CharmResult) {
///     let agent = UnitAgent::new(env).with_route(AgentRoute::Programs);
///     run_in(env, agent, charm);
/// }
/// ```
///
/// [`CHARM_AGENT`]: crate::variable::CHARM_AGENT
#[derive(Debug)]
pub struct UnitAgent {
    route: AgentRoute,
    socket: SocketAgent,
    programs: ToolPrograms,
    /// There was nobody to talk to at the socket.
    has_given_up_socket: AtomicBool,
}

impl UnitAgent {
    /// Finds the agent of a hook with the environment `env`, on the way that
    /// the variable `CHARM_AGENT` tells. Nothing is connected or started yet.
    pub fn new(env: &HookEnv) -> Self {
        Self {
            route: env.agent_route().unwrap_or_default(),
            socket: SocketAgent::new(env),
            programs: ToolPrograms::new(env),
            has_given_up_socket: AtomicBool::new(false),
        }
    }

    /// Returns the same agent on another way, whatever the variable says.
    #[must_use]
    pub fn with_route(self, route: AgentRoute) -> Self {
        Self { route, ..self }
    }

    fn call_on_either_way(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        if !self.has_given_up_socket.load(Ordering::Relaxed) {
            match self.socket.call(call) {
                Err(error) if !error.may_have_run() => {
                    self.has_given_up_socket.store(true, Ordering::Relaxed);
                }
                result => return result,
            }
        }
        self.programs.call(call)
    }
}

impl Agent for UnitAgent {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        match self.route {
            AgentRoute::Programs => self.programs.call(call),
            AgentRoute::Socket => self.socket.call(call),
            AgentRoute::SocketThenPrograms => self.call_on_either_way(call),
        }
    }
}
