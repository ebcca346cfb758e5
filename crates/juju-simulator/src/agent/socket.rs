use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, sync_channel};
use std::thread::{self, JoinHandle};

use juju_agent_rpc::{Response, serve};

use super::incident::{Connection, Incident};

/// The agent's socket, open while one operation runs.
///
/// It only passes on what happens: all calls are answered where the
/// [`Incident`]s are received, one after the other.
#[derive(Debug)]
pub(super) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    accepting: JoinHandle<()>,
}

impl Socket {
    pub(super) fn open(path: &Path, incidents: Sender<Incident>) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let incoming = listener.try_clone()?;
        let accepting =
            thread::Builder::new().name("agent-socket".to_owned()).spawn(move || {
                for (number, stream) in (0..).zip(incoming.incoming()) {
                    let Ok(stream) = stream else { break };
                    if accept(stream, Connection(number), &incidents).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self { listener, path: path.to_owned(), accepting })
    }

    /// Lets nobody in any more. What was accepted stays open.
    pub(super) fn close(self) {
        // Waking up `accept` this way works for unix sockets on Linux.
        let shutdown = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
        if shutdown.is_ok() {
            let _ = self.accepting.join();
        }
        let _ = std::fs::remove_file(self.path);
    }
}

/// Serves one connection in a thread of its own.
fn accept(
    stream: UnixStream,
    connection: Connection,
    incidents: &Sender<Incident>,
) -> io::Result<()> {
    let opened = Incident::Opened(connection, stream.try_clone()?);
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    incidents.send(opened).map_err(|_| gone())?;
    let incidents = incidents.clone();
    let serving = thread::Builder::new().name("agent-connection".to_owned());
    serving.spawn(move || {
        // What a peer sends that makes no sense ends its connection, as with
        // the real agent; the peer sees that.
        let _ = serve(stream, |request| {
            let (reply, answer) = sync_channel::<Result<Response, String>>(1);
            let call = Incident::Call { connection, request, reply };
            let closed = || "the operation has ended".to_owned();
            incidents.send(call).map_err(|_| closed())?;
            answer.recv().map_err(|_| closed())?
        });
        let _ = incidents.send(Incident::Closed(connection));
    })?;
    Ok(())
}
