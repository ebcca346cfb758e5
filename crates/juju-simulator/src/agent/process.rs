//! Running the charm's process, and answering its calls.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, WaitIdStatus, waitid};

use super::HookContext;
use super::full_disk::FullDisk;
use super::incident::Incident;
use super::printed::Printed;
use super::program::Program;
use super::socket::Socket;
use super::watch::Watch;
use crate::fault::Fault;
use crate::log_line::LogLevel;
use crate::operation::Exit;

/// How long the agent waits for output after the process has ended.
const OUTPUT_GRACE: Duration = Duration::from_millis(100);

/// The shell that `juju-exec` feeds with text.
const SHELL: &str = "/bin/bash";

/// How long a program may be busy before it cannot be started.
const BUSY_LIMIT: Duration = Duration::from_secs(2);

/// What a charm runs with, and within which limits of the wall clock.
pub(super) struct Plan<'a> {
    pub(super) charm_dir: &'a Path,
    /// The command that starts programs on the unit's machine; empty for this one.
    pub(super) entrance: &'a [String],
    /// Lies over the folder, if there is one.
    pub(super) full_disk: Option<&'a FullDisk>,
    pub(super) socket: &'a Path,
    pub(super) variables: Vec<(String, String)>,
    /// Then the process is killed.
    pub(super) time_limit: Duration,
    /// How long a connection may stay open after the process has ended.
    pub(super) linger_limit: Duration,
}

/// What came of a process.
pub(super) struct Ended {
    pub(super) exit: Exit,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// The connections that were still open when the wait for them was given up.
    pub(super) lingering: Vec<String>,
}

/// Runs a charm's process to its end: answers its calls, logs its output,
/// flushes what was kept back if it succeeded, and waits for its connections.
pub(super) fn run(
    context: &mut HookContext<'_>,
    program: &Program,
    plan: &Plan<'_>,
) -> io::Result<Ended> {
    let (sender, incidents) = channel();
    let socket = Socket::open(plan.socket, sender.clone())?;
    let mut child = match spawn(program, plan) {
        Ok(child) => child,
        Err(error) => {
            socket.close();
            return Ok(not_started(program, &error));
        }
    };
    if let (Program::Shell(text), Some(input)) = (program, child.stdin.take()) {
        feed(input, text.clone());
    }
    let pid = pid_of(&child);
    let stdout = Printed::new(child.stdout.take(), LogLevel::Debug, &sender)?;
    let stderr = Printed::new(child.stderr.take(), LogLevel::Warning, &sender)?;
    let mut watch = Watch::new(Some(pid), socket, stdout, stderr, incidents);
    announce_exit(pid, sender);

    let kill_after = context.faults.kill_after(plan.time_limit);
    let limit = kill_after.unwrap_or(plan.time_limit);
    let is_late = !watch.wait(context, limit, Watch::has_exited);
    if is_late {
        watch.kill();
        watch.wait(context, Duration::MAX, Watch::has_exited);
    }
    let exit = match (exit_of(pid)?, kill_after) {
        (_, None) if is_late => Exit::TimeLimit(plan.time_limit),
        // It may have ended by itself in the meantime.
        (exit @ Exit::Signal(_), Some(time)) if is_late => {
            context.faults.strike(&Fault::KillAfter(time));
            exit
        }
        (exit, _) => exit,
    };
    watch.wait(context, OUTPUT_GRACE, Watch::has_closed_outputs);
    watch.log_output(context);
    let (exit, lingering) = settle(context, &mut watch, plan, exit);
    // Until here the process was a zombie, so that its number, and with it the
    // number of its group, could not be another's.
    child.wait()?;
    let (stdout, stderr) = watch.finish(context);
    Ok(Ended { exit, stdout, stderr, lingering })
}

/// Flushes what was kept back if the charm succeeded, and waits for its
/// connections; returns what came of it, and the connections that stayed open.
///
/// For `juju-exec` the connections come first.
pub(super) fn settle(
    context: &mut HookContext<'_>,
    watch: &mut Watch,
    plan: &Plan<'_>,
    mut exit: Exit,
) -> (Exit, Vec<String>) {
    if matches!(exit, Exit::Code(_)) && context.faults.strike(&Fault::KillAtExit) {
        exit = Exit::KILLED;
    }
    if context.kind.is_exec() {
        let lingering = hang_up(context, watch, plan);
        return (flush(context, exit), lingering);
    }
    let exit = flush(context, exit);
    (exit, hang_up(context, watch, plan))
}

fn flush(context: &mut HookContext<'_>, exit: Exit) -> Exit {
    if !context.kind.is_kept_after(&exit) {
        return exit;
    }
    context.flush().map_or_else(Exit::FlushFailed, |()| exit)
}

/// Lets no more connections in, and waits for those that are open; returns
/// those that it was in vain for.
fn hang_up(context: &mut HookContext<'_>, watch: &mut Watch, plan: &Plan<'_>) -> Vec<String> {
    watch.close_socket();
    if watch.wait(context, plan.linger_limit, Watch::has_no_connections) {
        return Vec::new();
    }
    let lingering = watch.cut_connections();
    watch.kill();
    lingering
}

fn spawn(program: &Program, plan: &Plan<'_>) -> io::Result<Child> {
    let mut command = match (plan.full_disk, plan.entrance) {
        (Some(disk), _) => disk.command(path_of(program)),
        (None, [first, words @ ..]) => {
            let mut command = Command::new(first);
            // On the other side the working directory may be another one.
            command.args(words).args(["env", "--chdir"]).arg(plan.charm_dir).arg(path_of(program));
            command
        }
        (None, []) => Command::new(path_of(program)),
    };
    let is_shell = matches!(program, Program::Shell(_));
    command
        .current_dir(plan.charm_dir)
        .env_clear()
        .envs(plan.variables.iter().map(|(name, value)| (name, value)))
        .args(is_shell.then_some("-s"))
        .stdin(if is_shell { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let deadline = Instant::now() + BUSY_LIMIT;
    loop {
        match command.spawn() {
            // Another thread of this process may have started a process while
            // the charm was being unpacked: until that one has become another
            // program, it holds the charm's file open for writing.
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy
                    && Instant::now() < deadline =>
            {
                thread::sleep(Duration::from_millis(1));
            }
            result => return result,
        }
    }
}

fn path_of(program: &Program) -> &Path {
    match program {
        Program::File(path) => path,
        Program::Function(_) | Program::Shell(_) => Path::new(SHELL),
    }
}

/// Lets a thread write to a shell, which may take its time to read.
fn feed(mut input: ChildStdin, text: String) {
    // A shell that has ended early needs no more.
    thread::spawn(move || input.write_all(text.as_bytes()).ok());
}

fn not_started(program: &Program, error: &io::Error) -> Ended {
    // A script whose interpreter is missing gives the same error as a missing script.
    let reason = match error.kind() {
        io::ErrorKind::NotFound => {
            "no such file or directory, or its interpreter is missing".to_owned()
        }
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    let exit = Exit::NotStarted(format!("fork/exec {}: {reason}", path_of(program).display()));
    Ended { exit, stdout: Vec::new(), stderr: Vec::new(), lingering: Vec::new() }
}

fn pid_of(child: &Child) -> Pid {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.expect("a child that was just started has a process number")
}

/// Lets a thread wait for the process, and leaves it a zombie.
fn announce_exit(pid: Pid, incidents: Sender<Incident>) {
    thread::spawn(move || {
        let _ = wait_without_reaping(pid);
        let _ = incidents.send(Incident::Exited);
    });
}

fn exit_of(pid: Pid) -> io::Result<Exit> {
    let status = wait_without_reaping(pid)?;
    let signal = status.and_then(|status| status.terminating_signal());
    let code = status.and_then(|status| status.exit_status());
    Ok(match (signal, code) {
        (Some(signal), _) => Exit::Signal(signal),
        (None, code) => Exit::Code(code.unwrap_or_default()),
    })
}

fn wait_without_reaping(pid: Pid) -> io::Result<Option<WaitIdStatus>> {
    Ok(waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)?)
}
