//! What a call of a hook tool costs: over the agent's socket, and through a
//! tool program, side by side in one run.
//!
//! `cargo xtask bench` builds what is needed and runs it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use juju_agent_rpc::{Response, serve};
use juju_hook_env::{Agent, AgentRoute, HookEnv, HookTool, ToolCall, UnitAgent};

/// The call over the socket may take one such part of the other at most.
const GOAL: f64 = 10.0;

/// The two ways take turns, so that both see the same machine.
const ROUNDS: usize = 15;
const CALLS_BY_PROGRAM: u32 = 40;
const CALLS_BY_SOCKET: u32 = 2000;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let env = lay_out(folder.path());
    let by_program = UnitAgent::new(&env).with_route(AgentRoute::Programs);
    let by_socket = UnitAgent::new(&env).with_route(AgentRoute::Socket);
    let mut rounds = (0..ROUNDS)
        .map(|_| Round {
            by_program: time(&by_program, CALLS_BY_PROGRAM),
            by_socket: time(&by_socket, CALLS_BY_SOCKET),
        })
        .collect::<Vec<_>>();

    let by_program = median(rounds.iter().map(|round| round.by_program));
    let by_socket = median(rounds.iter().map(|round| round.by_socket));
    rounds.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let ratio = rounds[ROUNDS / 2].ratio();
    let (worst, best) = (rounds[0].ratio(), rounds[ROUNDS - 1].ratio());
    println!("one call of `config-get`, median of {ROUNDS} rounds");
    println!("  through the tool program: {:8.1} µs", micros(by_program));
    println!("  over the socket:          {:8.1} µs", micros(by_socket));
    println!(
        "  ratio: 1/{ratio:.0} (between 1/{worst:.0} and 1/{best:.0}; goal: at most 1/{GOAL})"
    );
    if ratio >= GOAL { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What one call took on each way.
struct Round {
    by_program: Duration,
    by_socket: Duration,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.by_program.as_secs_f64() / self.by_socket.as_secs_f64()
    }
}

/// Makes the folders of a unit and the agent of a hook there.
fn lay_out(folder: &Path) -> HookEnv {
    let (tools, socket) = (folder.join("tools"), folder.join("agent.socket"));
    std::fs::create_dir(&tools).unwrap();
    symlink(tool_program(), tools.join("config-get")).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || serve(stream, |_| Ok(answer())));
        }
    });
    HookEnv::from_pairs([
        ("JUJU_AGENT_SOCKET_ADDRESS", socket.to_str().unwrap()),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
        ("JUJU_CHARM_DIR", folder.to_str().unwrap()),
        ("JUJU_CONTEXT_ID", "app/0-install-1"),
        ("JUJU_HOOK_NAME", "install"),
        ("JUJU_MODEL_NAME", "prod"),
        ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
        ("JUJU_UNIT_NAME", "app/0"),
        ("JUJU_VERSION", "3.6.28"),
        ("PATH", tools.to_str().unwrap()),
    ])
    .unwrap()
}

fn answer() -> Response {
    Response { stdout: br#"{"name":"x","port":9100}"#.to_vec(), ..Response::default() }
}

/// The simulator's tool program, built with the same profile, lies beside the
/// folder of this program.
fn tool_program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_probe-charm")).with_file_name("juju-sim-tool");
    assert!(program.is_file(), "run `cargo xtask bench`, which builds {}", program.display());
    program
}

/// Returns what one of `count` calls took.
fn time(agent: &UnitAgent, count: u32) -> Duration {
    let call = ToolCall::new(HookTool::ConfigGet, ["--all", "--format=json"]);
    let start = Instant::now();
    for _ in 0..count {
        assert_eq!(agent.call(&call).unwrap().stdout.len(), 24);
    }
    start.elapsed() / count
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
