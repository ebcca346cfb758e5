//! Hook tools over the agent's socket, and what happens when there is none.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use juju_agent_rpc::{Request, Response, STDIN_REQUIRED, serve};
use juju_hook_env::{
    Agent, AgentError, AgentRoute, HookEnv, HookTool, Juju, SocketAgent, ToolCall, UnitAgent,
    run_in,
};
use tempfile::TempDir;

use crate::support::{env, hook_variables, shown};
use crate::tool_programs::Tools;

/// An agent's socket. It is served until the test ends.
struct Socket {
    folder: TempDir,
    requests: Arc<Mutex<Vec<Request>>>,
    /// Says so each time a connection is closed.
    closed: Receiver<()>,
}

type Handler = fn(Request, &UnixStream) -> Result<Response, String>;

impl Socket {
    fn new(handler: Handler) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent.socket")).unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let (sender, closed) = channel();
        let seen = requests.clone();
        thread::spawn(move || accept(&listener, &seen, &sender, handler));
        Self { folder, requests, closed }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("agent.socket")
    }

    fn env<const N: usize>(&self, pairs: [(&str, &str); N]) -> HookEnv {
        env_at(self.path().to_str().unwrap(), pairs)
    }

    fn agent(&self) -> SocketAgent {
        SocketAgent::new(&self.env([]))
    }

    /// Returns the names of the commands so far.
    fn commands(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|request| request.command_name.clone()).collect()
    }

    fn wait_until_closed(&self) {
        self.closed.recv_timeout(LONG).expect("the connection is closed");
    }
}

/// Far above what any machine needs.
const LONG: Duration = Duration::from_mins(1);

fn accept(
    listener: &UnixListener,
    requests: &Arc<Mutex<Vec<Request>>>,
    closed: &Sender<()>,
    handler: Handler,
) {
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        let (requests, closed) = (requests.clone(), closed.clone());
        thread::spawn(move || {
            let connection = stream.try_clone().unwrap();
            // A peer that breaks off is one of the things to try.
            let _ = serve(stream, |request| {
                requests.lock().unwrap().push(request.clone());
                handler(request, &connection)
            });
            drop(connection);
            // The test may be over.
            let _ = closed.send(());
        });
    }
}

fn env_at<const N: usize>(address: &str, pairs: [(&str, &str); N]) -> HookEnv {
    let socket = [
        ("JUJU_AGENT_SOCKET_ADDRESS", address),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
        // Programs are started in a folder that exists.
        ("JUJU_CHARM_DIR", "/usr"),
    ];
    HookEnv::from_pairs(hook_variables().into_iter().chain(socket).chain(pairs)).unwrap()
}

fn call(tool: HookTool) -> ToolCall {
    ToolCall::new(tool, [] as [&str; 0])
}

fn answer(stdout: impl Into<Vec<u8>>) -> Response {
    Response { stdout: stdout.into(), ..Response::default() }
}

/// Breaks off before it answers.
fn break_off(connection: &UnixStream) -> Response {
    connection.shutdown(Shutdown::Both).unwrap();
    answer("nobody hears this")
}

#[test]
fn one_connection_serves_the_whole_hook() {
    let socket = Socket::new(|request, _| {
        let stderr = request.stdin.unwrap_or_default();
        Ok(Response { code: 3, stdout: request.args.join("|").into(), stderr })
    });
    let agent = socket.agent();
    assert!(socket.commands().is_empty());

    let set = ToolCall::new(HookTool::RelationSet, ["-r", "a b", "", "--file", "-"]);
    let answer = agent.call(&set.with_stdin("in")).unwrap();
    assert_eq!((answer.code, answer.stderr), (3, b"in".to_vec()));
    assert_eq!(answer.stdout, b"-r|a b||--file|-");
    for _ in 0..3 {
        agent.call(&call(HookTool::IsLeader)).unwrap();
    }

    let requests = socket.requests.lock().unwrap();
    assert_eq!(requests[0].context_id, "myapp/0-config-changed-181eaa81c15ce9f274990ab78ddbcc72");
    assert_eq!(requests[0].dir, "/usr");
    assert_eq!(requests[1].stdin, None);
    assert_eq!(requests.len(), 4);
    assert!(socket.closed.try_recv().is_err());
    drop(agent);
    socket.wait_until_closed();
}

#[test]
fn a_socket_need_not_be_a_file() {
    // The folder lends a name that no other test has.
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let address = SocketAddr::from_abstract_name(name).unwrap();
    let listener = UnixListener::bind_addr(&address).unwrap();
    let server = thread::spawn(move || {
        serve(listener.accept().unwrap().0, |request| Ok(answer(request.command_name))).unwrap();
    });
    let agent = SocketAgent::new(&env_at(&format!("@{name}"), []));
    assert_eq!(agent.call(&call(HookTool::IsLeader)).unwrap().stdout, b"is-leader");
    drop(agent);
    server.join().unwrap();
}

#[test]
fn a_refusal_is_what_the_program_would_print() {
    let socket = Socket::new(|request, _| match request.command_name.as_str() {
        "is-leader" => Err("bad request: wrong context ID; got \"x\"".to_owned()),
        unknown => Err(format!("bad request: unknown command: {unknown}")),
    });
    let agent = socket.agent();
    let answer = agent.call(&call(HookTool::GoalState)).unwrap();
    assert_eq!((answer.code, answer.stdout), (1, Vec::new()));
    assert_eq!(answer.stderr, b"ERROR bad request: unknown command: goal-state\n");

    let juju = Juju::new(&env(), agent);
    insta::assert_snapshot!(
        shown(juju.is_leader()),
        @r#"NoContext: `is-leader` was called outside a hook: bad request: wrong context ID; got "x""#
    );
    insta::assert_snapshot!(
        shown(juju.goal_state()),
        @"NotInThisVersion: `goal-state` does not exist in juju 3.6.28"
    );
}

#[test]
fn a_tool_that_wants_to_read_reads_nothing() {
    let socket = Socket::new(|request, _| match request.stdin {
        Some(stdin) => Ok(answer(format!("{} bytes", stdin.len()))),
        None => Err(STDIN_REQUIRED.to_owned()),
    });
    let answer = socket.agent().call(&call(HookTool::StateSet)).unwrap();
    assert_eq!(answer.stdout, b"0 bytes");
}

#[test]
fn a_call_whose_answer_is_lost_is_not_made_again() {
    let socket = Socket::new(|_, connection| Ok(break_off(connection)));
    let tools = Tools::new([(HookTool::JujuReboot, "echo by program")]);
    let env = socket.env([("PATH", tools.path().to_str().unwrap())]);
    let agent = UnitAgent::new(&env);
    let error = agent.call(&call(HookTool::JujuReboot)).unwrap_err();
    assert!(error.may_have_run());
    assert!(matches!(error, AgentError::Lost { tool: HookTool::JujuReboot, .. }), "{error:?}");
    let juju = Juju::new(&env, agent);
    insta::assert_snapshot!(
        shown(juju.is_leader()),
        @"Agent: no answer from `is-leader`"
    );
    assert_eq!(socket.commands(), ["juju-reboot", "is-leader"]);
}

#[test]
fn a_lost_connection_is_opened_again_for_the_next_call() {
    let socket = Socket::new(|request, connection| {
        let is_first = request.command_name == "is-leader";
        Ok(if is_first { break_off(connection) } else { answer("{}") })
    });
    let agent = socket.agent();
    assert!(agent.call(&call(HookTool::IsLeader)).is_err());
    assert_eq!(agent.call(&call(HookTool::GoalState)).unwrap().stdout, b"{}");
    assert_eq!(socket.commands(), ["is-leader", "goal-state"]);
}

#[test]
fn a_connection_that_the_agent_has_closed_is_opened_again() {
    let socket = Socket::new(|_, connection| {
        connection.shutdown(Shutdown::Read).unwrap();
        Ok(answer("true"))
    });
    let agent = socket.agent();
    for _ in 0..3 {
        assert_eq!(agent.call(&call(HookTool::IsLeader)).unwrap().stdout, b"true");
        socket.wait_until_closed();
    }
    assert_eq!(socket.commands().len(), 3);
}

#[test]
fn serves_several_threads() {
    let socket = Socket::new(|request, _| Ok(answer(request.args.concat())));
    let agent = socket.agent();
    thread::scope(|scope| {
        for thread in 0..4 {
            let agent = &agent;
            scope.spawn(move || {
                for number in 0..50 {
                    let text = format!("{thread}.{number}");
                    let call = ToolCall::new(HookTool::JujuLog, [&text]);
                    assert_eq!(agent.call(&call).unwrap().stdout, text.as_bytes());
                }
            });
        }
    });
}

#[test]
fn without_a_socket_the_programs_are_started() {
    let tools = Tools::new([(HookTool::IsLeader, "echo by program")]);
    let path = tools.path().to_str().unwrap();
    let nobody = tools.path().join("agent.socket");
    let nobody = nobody.to_str().unwrap();
    let longer = "x".repeat(200);
    for env in [
        env_at("", [("PATH", path)]),
        env_at(nobody, [("PATH", path)]),
        env_at(&longer, [("PATH", path)]),
        env_at("10.0.0.7:30001", [("PATH", path), ("JUJU_AGENT_SOCKET_NETWORK", "tcp")]),
    ] {
        let answer = UnitAgent::new(&env).call(&call(HookTool::IsLeader)).unwrap();
        assert_eq!(answer.stdout, b"by program\n");
    }
}

#[test]
fn no_command_is_sent_to_whoever_is_no_agent() {
    let tools = Tools::new([(HookTool::IsLeader, "echo by program")]);
    let path = tools.path().join("agent.socket");
    let listener = UnixListener::bind(&path).unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = vec![0; 4096];
        let count = stream.read(&mut heard).unwrap();
        heard.truncate(count);
        // As gob, it announces 72 bytes.
        stream.write_all(&b"HTTP/1.1 400 Bad Request\r\n".repeat(4)).unwrap();
        stream.read_to_end(&mut heard).unwrap();
        heard
    });
    let env = env_at(path.to_str().unwrap(), [("PATH", tools.path().to_str().unwrap())]);
    let agent = UnitAgent::new(&env);
    for _ in 0..3 {
        // After the first call nobody accepts connections any more: without
        // a memory of it, the second one would wait for a greeting.
        let answer = agent.call(&call(HookTool::IsLeader)).unwrap();
        assert_eq!(answer.stdout, b"by program\n");
    }
    let heard = String::from_utf8_lossy(&server.join().unwrap()).into_owned();
    assert!(heard.contains("Jujuc.Greet") && !heard.contains("Jujuc.Main"), "{heard}");
    assert!(!heard.contains("is-leader"), "{heard}");
}

/// Far below what anybody would wait, far above a switch of threads.
const SHORT: Duration = Duration::from_millis(100);

#[test]
fn whoever_says_nothing_meets_a_time_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.socket");
    let _listener = UnixListener::bind(&path).unwrap();
    let agent = SocketAgent::new(&env_at(path.to_str().unwrap(), [])).with_greeting_limit(SHORT);
    let error = agent.call(&call(HookTool::IsLeader)).unwrap_err();
    assert!(!error.may_have_run());
    assert!(matches!(error, AgentError::Unreachable { .. }), "{error:?}");
}

#[test]
fn a_command_has_no_time_limit() {
    let socket = Socket::new(|_, _| {
        thread::sleep(3 * SHORT);
        Ok(answer("/resource"))
    });
    let agent = socket.agent().with_greeting_limit(SHORT);
    let call = ToolCall::new(HookTool::ResourceGet, ["name"]);
    for _ in 0..2 {
        assert_eq!(agent.call(&call).unwrap().stdout, b"/resource");
    }
    assert_eq!(socket.commands().len(), 2);
}

#[test]
fn a_charm_that_has_run_holds_no_connection() {
    let socket = Socket::new(|_, _| Ok(answer("true")));
    let env = socket.env([]);
    run_in(&env, UnitAgent::new(&env), |_, juju| {
        tracing::info!("running");
        assert!(juju.is_leader()?);
        Ok(())
    });
    // This process, in which the charm ran, lives on.
    socket.wait_until_closed();
    assert_eq!(socket.commands(), ["juju-log", "is-leader"]);
}

#[test]
fn the_way_can_be_told() {
    let tools = Tools::new([(HookTool::IsLeader, "echo by program")]);
    let socket = Socket::new(|_, _| Ok(answer("true")));
    let tools_dir = tools.path().to_str().unwrap();
    let stdout_with = |way: &str| {
        let agent = UnitAgent::new(&socket.env([("PATH", tools_dir), ("CHARM_AGENT", way)]));
        agent.call(&call(HookTool::IsLeader)).unwrap().stdout
    };
    assert_eq!(stdout_with(""), b"true");
    assert_eq!(stdout_with("socket-then-programs"), b"true");
    assert_eq!(stdout_with("socket"), b"true");
    assert_eq!(stdout_with("programs"), b"by program\n");

    let agent = UnitAgent::new(&socket.env([("PATH", tools_dir), ("CHARM_AGENT", "socket")]))
        .with_route(AgentRoute::Programs);
    assert_eq!(agent.call(&call(HookTool::IsLeader)).unwrap().stdout, b"by program\n");

    let nobody = tools.path().join("agent.socket");
    let env = env_at(nobody.to_str().unwrap(), [("PATH", tools_dir)]);
    let agent = UnitAgent::new(&env).with_route(AgentRoute::Socket);
    assert!(agent.call(&call(HookTool::IsLeader)).is_err());
}

#[test]
fn an_agent_that_has_gone_is_the_end_of_the_hook() {
    let gone = SocketAgent::new(&env_at("/nonexistent/agent.socket", []));
    let error = gone.call(&call(HookTool::IsLeader)).unwrap_err();
    assert!(!error.may_have_run());
    assert!(matches!(error, AgentError::Unreachable { .. }), "{error:?}");
    insta::assert_snapshot!(
        shown(Juju::new(&env(), gone).is_leader()),
        @"NoContext: `is-leader` was called outside a hook: cannot reach an agent at `/nonexistent/agent.socket`: No such file or directory (os error 2)"
    );
    insta::assert_snapshot!(
        shown(Juju::new(&env(), SocketAgent::new(&env())).is_leader()),
        @"NoContext: `is-leader` was called outside a hook: the variables of this hook name no unix socket of the agent"
    );
    let longer = "x".repeat(200);
    insta::assert_snapshot!(
        shown(Juju::new(&env(), SocketAgent::new(&env_at(&longer, []))).is_leader()),
        @"Agent: no answer from `is-leader`"
    );
}

#[test]
fn debug_shows_where_it_connects_to() {
    let agent = SocketAgent::new(&env_at("/a/agent.socket", []));
    insta::assert_snapshot!(
        format!("{agent:?}"),
        @r#"SocketAgent { address: Some("/a/agent.socket"), context_id: "myapp/0-config-changed-181eaa81c15ce9f274990ab78ddbcc72", charm_dir: "/usr", .. }"#
    );
}
