//! Running a charm that is a function, and answering its calls.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use super::HookContext;
use super::incident::Incident;
use super::printed::Printed;
use super::process::{Ended, Plan, settle};
use super::socket::Socket;
use super::watch::Watch;
use crate::fault::Fault;
use crate::in_process::InProcess;
use crate::log_line::LogLevel;
use crate::operation::Exit;
use crate::panic_text::panic_text;

/// The exit code of a Rust program that has panicked.
const PANICKED: i32 = 101;

/// Runs a function in a thread to its end, as `process::run` runs a program.
///
/// A thread cannot be killed: one that is late loses its connections to the
/// agent, so that its next call fails, and is then waited for.
pub(super) fn run(
    context: &mut HookContext<'_>,
    charm: &InProcess,
    plan: &Plan<'_>,
) -> io::Result<Ended> {
    let (sender, incidents) = channel();
    let socket = Socket::open(plan.socket, sender.clone())?;
    let stdout = Printed::new(None::<OwnedFd>, LogLevel::Debug, &sender)?;
    let stderr = Printed::new(None::<OwnedFd>, LogLevel::Warning, &sender)?;
    let mut watch = Watch::new(None, socket, stdout, stderr, incidents);

    let (charm, variables) = (charm.clone(), plan.variables.iter().cloned().collect());
    let name = format!("{} {}", context.unit_name, context.kind);
    let charm = thread::Builder::new().name(name).spawn(move || {
        let _announcement = Announcement(sender);
        charm.run(variables)
    })?;
    let kill_after = context.faults.kill_after(plan.time_limit);
    let limit = kill_after.unwrap_or(plan.time_limit);
    let is_late = !watch.wait(context, limit, Watch::has_exited);
    if is_late {
        watch.drop_socket();
        if let Some(time) = kill_after {
            context.is_killed = context.faults.strike(&Fault::KillAfter(time));
        }
        watch.wait(context, Duration::MAX, Watch::has_exited);
    }
    let code = charm.join().unwrap_or_else(|panic| {
        let text = format!("the charm has panicked: {}", panic_text(&*panic));
        let source = context.kind.to_string();
        context.log(LogLevel::Warning, &source, text);
        PANICKED
    });
    let exit = match code {
        // As if the fault had ended a process.
        _ if context.is_killed => Exit::KILLED,
        _ if is_late => Exit::TimeLimit(plan.time_limit),
        code => Exit::Code(code),
    };
    let (exit, lingering) = settle(context, &mut watch, plan, exit);
    let (stdout, stderr) = watch.finish(context);
    Ok(Ended { exit, stdout, stderr, lingering })
}

/// Tells that the thread has ended, also if it has panicked.
struct Announcement(Sender<Incident>);

impl Drop for Announcement {
    fn drop(&mut self) {
        let _ = self.0.send(Incident::Exited);
    }
}
