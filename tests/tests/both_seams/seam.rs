//! Both ways to the agent at once.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use juju_agent_rpc::{Request, Response, STDIN_REQUIRED, serve};
use juju_hook_env::{
    Agent, AgentError, AgentRoute, HookEnv, HookTool, ScriptedAgent, ToolAnswer, ToolCall,
    UnitAgent,
};
use tempfile::TempDir;

use crate::tool_program;

/// Both ways to a server that asks `agent`.
pub(crate) fn to(env: &HookEnv, agent: &ScriptedAgent) -> impl Agent + use<> {
    let agent = agent.clone();
    BothSeams::new(env, move |request| Ok(answer(&agent, request)))
}

/// What an agent's end makes of a request.
pub(crate) type Outcome = Result<Response, String>;

/// An agent that has each call made by a program, and then over the socket.
#[derive(Debug)]
pub(crate) struct BothSeams {
    by_program: UnitAgent,
    by_socket: UnitAgent,
    last: Arc<Mutex<Option<Call>>>,
    /// The charm's folder, the tools and the socket.
    folder: TempDir,
}

/// What the program has asked, and what it was answered.
#[derive(Clone, Debug)]
struct Call {
    request: Request,
    outcome: Outcome,
}

impl BothSeams {
    /// Has `handler` answer the calls of the programs. Those over the socket
    /// must ask the same, and get the same answer.
    pub(crate) fn new(
        env: &HookEnv,
        handler: impl Fn(&Request) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = lay_out(&folder, env);
        let listener = UnixListener::bind(folder.path().join("agent.socket")).unwrap();
        let last = Arc::<Mutex<Option<Call>>>::default();
        let (expected, handler) = (last.clone(), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, last, handler) = (stream.unwrap(), expected.clone(), handler.clone());
                thread::spawn(move || serve_one(stream, &last, &*handler));
            }
        });
        Self {
            by_program: UnitAgent::new(&env).with_route(AgentRoute::Programs),
            by_socket: UnitAgent::new(&env).with_route(AgentRoute::Socket),
            last,
            folder,
        }
    }

    pub(crate) fn charm_dir(&self) -> PathBuf {
        self.folder.path().join("charm")
    }
}

impl Agent for BothSeams {
    fn call(&self, call: &ToolCall) -> Result<ToolAnswer, AgentError> {
        *self.last.lock().unwrap() = None;
        let by_program = self.by_program.call(call);
        let by_socket = self.by_socket.call(call);
        match (&by_program, &by_socket) {
            (Ok(by_program), Ok(by_socket)) => assert_eq!(by_program, by_socket, "{call}"),
            _ => panic!("{call}: {by_program:?} by program, {by_socket:?} over the socket"),
        }
        by_socket
    }
}

/// Makes the folders of a unit, and returns the environment of a hook there.
fn lay_out(folder: &TempDir, env: &HookEnv) -> HookEnv {
    let path = |name| folder.path().join(name).to_str().unwrap().to_owned();
    let (charm, tools, socket) = (path("charm"), path("tools"), path("agent.socket"));
    fs::create_dir(&charm).unwrap();
    fs::create_dir(&tools).unwrap();
    for tool in HookTool::ALL {
        symlink(tool_program::path(), format!("{tools}/{tool}")).unwrap();
    }
    let places = [
        ("JUJU_AGENT_SOCKET_ADDRESS", socket.as_str()),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
        ("JUJU_CHARM_DIR", &charm),
        ("PATH", &tools),
    ];
    HookEnv::from_pairs(env.variables().chain(places)).unwrap()
}

/// Serves one connection: a program makes one for each call, the socket's way
/// has one for all.
fn serve_one(
    stream: UnixStream,
    last: &Mutex<Option<Call>>,
    handler: &dyn Fn(&Request) -> Outcome,
) {
    let result = serve(stream, |request| {
        // Programs ask for input only when they are told to.
        if request.stdin.is_none() && wants_stdin(&request.args) {
            return Err(STDIN_REQUIRED.to_owned());
        }
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Call { request: expected, outcome }) = last.take() {
            let shown = |it: &Request| (it.args.clone(), it.stdin.clone());
            assert_eq!((&request, shown(&request)), (&expected, shown(&expected)));
            return outcome;
        }
        let outcome = handler(&request);
        *last = Some(Call { request, outcome: outcome.clone() });
        outcome
    });
    result.unwrap();
}

fn wants_stdin(args: &[String]) -> bool {
    args.windows(2).any(|pair| pair[0] == "--file" && pair[1] == "-")
}

fn answer(agent: &ScriptedAgent, request: &Request) -> Response {
    let tool = request.command_name.parse().unwrap();
    let mut call = ToolCall::new(tool, &request.args);
    call.stdin.clone_from(&request.stdin);
    let ToolAnswer { code, stdout, stderr, .. } = agent.call(&call).unwrap();
    Response { code, stdout, stderr }
}
