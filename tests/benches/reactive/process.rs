//! Programs, and what running one costs.

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use juju_agent_rpc::{Response, serve};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use tempfile::TempDir;

use crate::shape::program;

/// What running a program has cost.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// From the start to the end.
    pub(crate) clock: Duration,
    /// For how long it kept a processor busy: on a machine with other work to
    /// do, this says more than the clock.
    pub(crate) busy: Duration,
}

impl Cost {
    /// Runs a program that is one thread.
    pub(crate) fn of(program: &mut Command) -> Self {
        program.stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let mut child = program.spawn().unwrap();
        // It has ended then, and can still be asked.
        let id = WaitId::Pid(Pid::from_child(&child));
        waitid(id, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
        let clock = start.elapsed();
        let schedule = fs::read_to_string(format!("/proc/{}/schedstat", child.id())).unwrap();
        let busy = schedule.split(' ').next().unwrap().parse().unwrap();
        assert!(child.wait().unwrap().success());
        Self { clock, busy: Duration::from_nanos(busy) }
    }
}

/// A unit whose charm is the program of this workspace, with an agent that
/// knows two answers.
pub(crate) struct Unit {
    folder: TempDir,
    calls: Arc<AtomicUsize>,
}

impl Unit {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent.socket")).unwrap();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = serve(stream.unwrap(), |request| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    // A charm that fails says why.
                    let is_error = request.args.iter().any(|word| word == "ERROR");
                    assert!(!is_error, "{:?}", request.args);
                    let stdout = answer(&request.command_name).into();
                    Ok(Response { stdout, ..Response::default() })
                });
            }
        });
        Self { folder, calls }
    }

    /// Makes a unit that has run install and start, with so many flags.
    pub(crate) fn with_flags(flags: usize) -> Self {
        let unit = Self::new();
        Cost::of(unit.hook("install").env("FLAGS", flags.to_string()));
        Cost::of(&mut unit.hook("start"));
        unit
    }

    /// Makes a unit whose state is that of another, in this file.
    pub(crate) fn with_state(file: &Path) -> Self {
        let unit = Self::new();
        fs::copy(file, unit.folder.path().join(".unit-state.db")).unwrap();
        unit
    }

    pub(crate) fn hook(&self, name: &str) -> Command {
        let folder = self.folder.path();
        let mut command = Command::new(program());
        command.env_clear().envs([
            ("JUJU_AGENT_SOCKET_ADDRESS", folder.join("agent.socket").to_str().unwrap()),
            ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
            ("JUJU_CHARM_DIR", folder.to_str().unwrap()),
            ("JUJU_CONTEXT_ID", &format!("web/0-{name}-1")),
            ("JUJU_DISPATCH_PATH", &format!("hooks/{name}")),
            ("JUJU_MODEL_NAME", "prod"),
            ("JUJU_MODEL_UUID", "cdac5656-2423-4388-8f30-41854b4cca7d"),
            ("JUJU_UNIT_NAME", "web/0"),
            ("JUJU_VERSION", "3.6.28"),
            ("PATH", "/nowhere"),
        ]);
        command
    }

    /// Returns how often the agent was asked.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn answer(tool: &str) -> &'static str {
    match tool {
        // The run that has committed was accepted.
        "state-get" => r#"{"charmwright.run": "web/0-install-1"}"#,
        "status-get" => r#"{"message": "", "status": "active", "status-data": {}}"#,
        _ => "",
    }
}
