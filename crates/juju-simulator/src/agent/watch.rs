use std::collections::BTreeMap;
use std::fs;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use juju_agent_rpc::{Request, Response};
use rustix::process::{Pid, Signal, kill_process_group};

use super::HookContext;
use super::incident::{Connection, Incident};
use super::printed::Printed;
use super::socket::Socket;
use crate::fault::Fault;
use crate::reboot::Reboot;
use crate::tool;

/// The agent's view of a running process: all that happens to it comes in here,
/// and is dealt with one after the other.
pub(super) struct Watch {
    /// Nothing if the charm is a thread.
    pid: Option<Pid>,
    /// Nothing once it is closed.
    socket: Option<Socket>,
    stdout: Printed,
    stderr: Printed,
    connections: BTreeMap<Connection, Peer>,
    incidents: Receiver<Incident>,
    has_exited: bool,
    /// Nobody is answered any more.
    is_cut_off: bool,
    open_outputs: usize,
}

impl Watch {
    pub(super) fn new(
        pid: Option<Pid>,
        socket: Socket,
        stdout: Printed,
        stderr: Printed,
        incidents: Receiver<Incident>,
    ) -> Self {
        Self {
            pid,
            socket: Some(socket),
            stdout,
            stderr,
            connections: BTreeMap::new(),
            incidents,
            has_exited: false,
            is_cut_off: false,
            open_outputs: 2,
        }
    }

    pub(super) fn has_exited(&self) -> bool {
        self.has_exited
    }

    pub(super) fn has_closed_outputs(&self) -> bool {
        self.open_outputs == 0
    }

    pub(super) fn has_no_connections(&self) -> bool {
        self.connections.is_empty()
    }

    /// Deals with what happens until `done` holds, or for as long as `limit`;
    /// tells whether it holds.
    pub(super) fn wait(
        &mut self,
        context: &mut HookContext<'_>,
        limit: Duration,
        done: fn(&Self) -> bool,
    ) -> bool {
        let deadline = Instant::now().checked_add(limit);
        let left = || match deadline {
            Some(deadline) => deadline.saturating_duration_since(Instant::now()),
            None => Duration::MAX,
        };
        loop {
            // What has happened already comes first: `done` may not hold any more then.
            let incident = match self.incidents.try_recv() {
                Ok(incident) => incident,
                Err(_) if done(self) => return true,
                Err(_) => match self.incidents.recv_timeout(left()) {
                    Ok(incident) => incident,
                    Err(_) => return false,
                },
            };
            self.handle(context, incident);
            if left().is_zero() {
                return done(self);
            }
        }
    }

    fn handle(&mut self, context: &mut HookContext<'_>, incident: Incident) {
        match incident {
            Incident::Call { connection, request, reply } => {
                self.log_output(context);
                if let Some(peer) = self.connections.get_mut(&connection) {
                    peer.last_tool = Some(request.command_name.clone());
                }
                if let Some(answer) = self.answer(context, &request) {
                    // A peer that no longer waits has closed its connection.
                    let _ = reply.send(answer);
                }
            }
            Incident::Closed(connection) => {
                self.connections.remove(&connection);
            }
            Incident::Exited => self.has_exited = true,
            Incident::Opened(connection, stream) => {
                if self.is_cut_off {
                    // It was let in while the socket was being closed.
                    let _ = stream.shutdown(Shutdown::Both);
                    return;
                }
                self.connections.insert(connection, Peer { stream, last_tool: None });
            }
            Incident::OutputClosed => self.open_outputs -= 1,
        }
    }

    /// Answers a call, unless a fault or a reboot keeps the answer from the
    /// charm.
    fn answer(
        &mut self,
        context: &mut HookContext<'_>,
        request: &Request,
    ) -> Option<Result<Response, String>> {
        let number = context.calls.len() + 1;
        if context.faults.strike(&Fault::KillAtCall(number)) {
            context.is_killed = true;
        }
        if context.is_killed {
            self.kill();
            return None;
        }
        if context.faults.strike(&Fault::DropSocketAtCall(number)) {
            self.drop_socket();
        }
        if self.is_cut_off {
            return None;
        }
        context.lose_leadership_at(number);
        let answer = tool::answer(context, request);
        if context.reboot == Some(Reboot::Now) {
            context.is_killed = true;
            self.kill();
            self.drop_socket();
            return None;
        }
        // What was refused is no call, and may come again.
        let is_done = context.calls.len() == number;
        if is_done && context.faults.strike(&Fault::KillAfterCall(number)) {
            context.is_killed = true;
            self.kill();
            return None;
        }
        Some(answer)
    }

    /// Logs what the charm has printed up to now.
    pub(super) fn log_output(&mut self, context: &mut HookContext<'_>) {
        self.stdout.log(context);
        self.stderr.log(context);
    }

    /// Kills the process and all that it has started in its group.
    pub(super) fn kill(&self) {
        // It fails only if nobody is left to be killed.
        let _ = self.pid.map(|pid| kill_process_group(pid, Signal::KILL));
    }

    /// Lets nobody connect any more. What is connected stays so.
    pub(super) fn close_socket(&mut self) {
        self.socket.take().into_iter().for_each(Socket::close);
    }

    /// Lets nobody connect any more, and closes all connections.
    pub(super) fn drop_socket(&mut self) {
        self.is_cut_off = true;
        self.close_socket();
        self.cut_connections();
    }

    /// Closes all connections from this end, and describes them.
    pub(super) fn cut_connections(&mut self) -> Vec<String> {
        let connections = std::mem::take(&mut self.connections);
        let describe = |peer: Peer| {
            let description = peer.describe();
            let _ = peer.stream.shutdown(Shutdown::Both);
            description
        };
        connections.into_values().map(describe).collect()
    }

    /// Logs what is left, and returns all that was printed to both outputs.
    pub(super) fn finish(self, context: &mut HookContext<'_>) -> (Vec<u8>, Vec<u8>) {
        (self.stdout.finish(context), self.stderr.finish(context))
    }
}

/// The other end of a connection.
struct Peer {
    stream: UnixStream,
    last_tool: Option<String>,
}

impl Peer {
    fn describe(&self) -> String {
        let process = match rustix::net::sockopt::socket_peercred(&self.stream) {
            Ok(credentials) => describe_process(credentials.pid),
            Err(_) => "an unknown process".to_owned(),
        };
        match &self.last_tool {
            Some(tool) => format!("{process}, which last called `{tool}`"),
            None => format!("{process}, which has called nothing"),
        }
    }
}

fn describe_process(pid: Pid) -> String {
    let number = pid.as_raw_nonzero();
    let command = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
    let words: Vec<_> = command.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    match words.join(" ").trim_end() {
        "" => format!("process {number}, which has ended"),
        command => format!("process {number} (`{command}`)"),
    }
}
