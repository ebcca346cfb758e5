//! How long the simulator takes to answer 10,000 calls of hook tools in one hook.
//!
//! `cargo xtask bench` runs it.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench is a program for us alone")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use juju_hook_env::{Agent, AgentRoute, HookEnv, HookTool, ToolCall, UnitAgent};
use juju_simulator::Simulator;
use juju_types::CharmFiles;

const CALLS: usize = 10_000;
const GOAL: Duration = Duration::from_secs(1);

/// The median of so many hooks counts.
const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let metadata = "{name: bench, summary: s, description: d}";
    let read = |name: &str| Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()));
    let files = CharmFiles::read(read).unwrap();
    let mut juju = Simulator::new();
    juju.deploy_in_process(&files, "bench", run).unwrap();
    juju.run_until_idle().unwrap();
    for _ in 0..ROUNDS {
        juju.update_status("bench/0").unwrap();
    }

    let hooks = juju.operations().iter().filter(|hook| hook.calls.len() == CALLS);
    let mut times: Vec<Duration> = hooks.map(|hook| hook.duration).collect();
    assert_eq!(times.len(), ROUNDS);
    times.sort();
    let median = times[ROUNDS / 2];
    let part = median.as_secs_f64() / GOAL.as_secs_f64();
    println!("{CALLS} calls in one hook, median of {ROUNDS} hooks");
    println!("  {:.2} s (goal: at most {} s)", median.as_secs_f64(), GOAL.as_secs());
    if part <= 1.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A charm that reads and writes much, over one connection.
fn run(variables: BTreeMap<String, String>) -> ExitCode {
    let env = HookEnv::from_pairs(variables).unwrap();
    let agent = UnitAgent::new(&env).with_route(AgentRoute::Socket);
    if env.variables().any(|pair| pair == ("JUJU_HOOK_NAME", "update-status")) {
        let read = ToolCall::new(HookTool::ConfigGet, ["--all", "--format=json"]);
        let write = ToolCall::new(HookTool::StateSet, ["key=value"]);
        for _ in 0..CALLS / 2 {
            assert_eq!(agent.call(&read).unwrap().stdout, b"{}\n");
            assert_eq!(agent.call(&write).unwrap().stdout, b"");
        }
    }
    ExitCode::SUCCESS
}
