use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use juju_agent_rpc::{ExecRequest, ExecService, Response, serve_exec};

/// The socket that `juju-exec` calls: one for all agents, which stays open.
///
/// It only collects what is asked. A synchronous simulator looks for it between
/// two steps.
#[derive(Debug)]
pub(super) struct RunSocket {
    listener: UnixListener,
    accepting: Option<JoinHandle<()>>,
    calls: Receiver<ExecCall>,
}

/// One run of `juju-exec`, which waits for the answer.
#[derive(Debug)]
pub(crate) struct ExecCall {
    pub(crate) request: ExecRequest,
    pub(crate) reply: SyncSender<Result<Response, String>>,
}

impl RunSocket {
    pub(super) fn open(path: &Path, service: ExecService) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let incoming = listener.try_clone()?;
        let (sender, calls) = channel();
        let accepting = thread::Builder::new().name("run-socket".to_owned()).spawn(move || {
            for stream in incoming.incoming() {
                let Ok(stream) = stream else { break };
                if accept(stream, service, sender.clone()).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { listener, accepting: Some(accepting), calls })
    }

    /// Returns the next call that has come, if any has.
    pub(super) fn next(&self) -> Option<ExecCall> {
        self.calls.try_recv().ok()
    }

    /// Waits for the next call.
    pub(super) fn wait(&self, limit: Duration) -> Option<ExecCall> {
        self.calls.recv_timeout(limit).ok()
    }
}

impl Drop for RunSocket {
    fn drop(&mut self) {
        // Waking up `accept` this way works for unix sockets on Linux.
        let shutdown = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
        if let (Ok(()), Some(accepting)) = (shutdown, self.accepting.take()) {
            let _ = accepting.join();
        }
    }
}

/// Serves one connection in a thread of its own.
fn accept(stream: UnixStream, service: ExecService, calls: Sender<ExecCall>) -> io::Result<()> {
    let serving = thread::Builder::new().name("run-connection".to_owned());
    serving.spawn(move || {
        // What a peer sends that makes no sense ends its connection.
        let _ = serve_exec(service, stream, |request| {
            let aborted = || "command execution aborted".to_owned();
            let (reply, answer) = sync_channel(1);
            calls.send(ExecCall { request, reply }).map_err(|_| aborted())?;
            answer.recv().map_err(|_| aborted())?
        });
    })?;
    Ok(())
}
