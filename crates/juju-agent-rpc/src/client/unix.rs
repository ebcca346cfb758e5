//! Connections over unix sockets.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::Client;

impl Client<UnixStream> {
    /// Connects to the unix socket of an agent, the value of
    /// `JUJU_AGENT_SOCKET_ADDRESS` where `JUJU_AGENT_SOCKET_NETWORK` is `unix`.
    ///
    /// An address that starts with `@` is a name in Linux's abstract namespace
    /// ([unix(7)]), as Juju 2.8 and older use them. The connection is closed
    /// in programs that this process starts (close-on-exec).
    ///
    /// # Errors
    ///
    /// - [`ConnectError::Address`] if no socket can have this address, for
    ///   example because it is longer than 107 bytes.
    /// - [`ConnectError::Connect`] if nobody listens there.
    ///
    /// [unix(7)]: https://man7.org/linux/man-pages/man7/unix.7.html
    pub fn connect(address: impl AsRef<Path>) -> Result<Self, ConnectError> {
        let address = address.as_ref();
        let socket_address = match address.as_os_str().as_bytes() {
            [b'@', name @ ..] => SocketAddr::from_abstract_name(name),
            _ => SocketAddr::from_pathname(address),
        };
        let socket_address = socket_address
            .map_err(|source| ConnectError::Address { address: address.to_owned(), source })?;
        UnixStream::connect_addr(&socket_address)
            .map(Self::new)
            .map_err(|source| ConnectError::Connect { address: address.to_owned(), source })
    }

    /// Returns this client with a limit to how long it waits for the agent,
    /// or with `None`, the default, without.
    ///
    /// The limit holds for each single wait: for the agent to take some bytes
    /// of a request, and to send some of an answer. It starts again with each
    /// that arrive.
    ///
    /// # Errors
    ///
    /// Returns [`ConnectError::TimeLimit`] if the limit is zero or the
    /// operating system refuses it.
    pub fn with_time_limit(self, limit: Option<Duration>) -> Result<Self, ConnectError> {
        let stream = self.incoming.stream();
        stream
            .set_read_timeout(limit)
            .and_then(|()| stream.set_write_timeout(limit))
            .map_err(ConnectError::TimeLimit)?;
        Ok(self)
    }
}

/// Why there is no connection to an agent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// No socket can have this address.
    #[error("`{}` cannot be the address of a unix socket", address.display())]
    Address {
        /// The address.
        address: PathBuf,
        /// The rule that it breaks.
        source: io::Error,
    },
    /// Nobody listens there, or not for us.
    #[error("cannot connect to the agent at `{}`", address.display())]
    Connect {
        /// The address.
        address: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The time limit cannot be set.
    #[error("cannot set the time limit of a connection")]
    TimeLimit(#[source] io::Error),
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::fs;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;
    use crate::client::CallError;
    use crate::request::Request;
    use crate::response::Response;
    use crate::server::serve;

    /// Far below the time that anybody would wait, far above a switch of threads.
    const SHORT: Duration = Duration::from_millis(50);

    /// Serves one connection, and returns what its client was answered.
    fn call_twice(listener: UnixListener, address: impl AsRef<Path>) -> [Response; 2] {
        let agent = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            serve(stream, |request| {
                Ok(Response { stdout: request.command_name.into_bytes(), ..Response::default() })
            })
        });
        let mut client = Client::connect(address).unwrap();
        let answers = ["is-leader", "config-get"].map(|command| {
            let request = Request { command_name: command.to_owned(), ..Request::default() };
            client.call(&request).unwrap()
        });
        drop(client);
        agent.join().unwrap().unwrap();
        answers
    }

    #[track_caller]
    fn assert_answered(answers: [Response; 2]) {
        assert_eq!(answers.map(|answer| answer.stdout), [&b"is-leader"[..], b"config-get"]);
    }

    #[test]
    fn calls_over_a_socket_in_the_file_system() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.socket");
        assert_answered(call_twice(UnixListener::bind(&path).unwrap(), &path));
    }

    #[test]
    fn calls_over_a_socket_in_the_abstract_namespace() {
        // The folder lends a name that no other test has.
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().as_os_str().as_bytes();
        let address = SocketAddr::from_abstract_name(name).unwrap();
        let listener = UnixListener::bind_addr(&address).unwrap();
        assert_answered(call_twice(listener, format!("@{}", folder.path().display())));
    }

    #[test]
    fn nobody_at_the_address_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.socket");
        let error = Client::connect(&path).unwrap_err();
        let message = error.to_string().replace(path.to_str().unwrap(), "PATH");
        insta::assert_snapshot!(message, @"cannot connect to the agent at `PATH`");
        let ConnectError::Connect { source, .. } = error else { panic!("{error:?}") };
        assert_eq!(source.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn an_address_that_is_too_long_is_an_error() {
        let longest = "x".repeat(107);
        let connected = Client::connect(&longest);
        assert!(matches!(connected, Err(ConnectError::Connect { .. })), "{connected:?}");
        for address in [format!("{longest}x"), format!("@{longest}x")] {
            let error = Client::connect(&address).unwrap_err();
            assert!(matches!(error, ConnectError::Address { .. }), "{error:?}");
            let message = error.to_string().replace(&address, "ADDRESS");
            assert_eq!(message, "`ADDRESS` cannot be the address of a unix socket");
            assert!(error.source().unwrap().to_string().contains("must be shorter than"));
        }
    }

    #[test]
    fn an_agent_that_does_not_answer_meets_the_time_limit() {
        let (charm, _agent) = UnixStream::pair().unwrap();
        let mut client = Client::new(charm).with_time_limit(Some(SHORT)).unwrap();
        let error = client.call(&Request::default()).unwrap_err();
        assert!(error.may_have_run());
        let CallError::Receive(cause) = error else { panic!("{error:?}") };
        assert_eq!(cause.kind(), io::ErrorKind::TimedOut);
        insta::assert_snapshot!(cause, @"the time limit has passed");
        assert!(matches!(client.call(&Request::default()), Err(CallError::Broken)));
    }

    #[test]
    fn an_agent_that_does_not_read_meets_the_time_limit() {
        let (charm, _agent) = UnixStream::pair().unwrap();
        let mut client = Client::new(charm).with_time_limit(Some(SHORT)).unwrap();
        let request = Request { stdin: Some(vec![0; 8 * 1024 * 1024]), ..Request::default() };
        let error = client.call(&request).unwrap_err();
        assert!(!error.may_have_run());
        assert!(matches!(error, CallError::Send(cause) if cause.kind() == io::ErrorKind::TimedOut));
    }

    #[test]
    fn a_time_limit_of_nothing_is_an_error() {
        let (charm, _agent) = UnixStream::pair().unwrap();
        let error = Client::new(charm).with_time_limit(Some(Duration::ZERO)).unwrap_err();
        insta::assert_snapshot!(error, @"cannot set the time limit of a connection");
    }

    #[test]
    fn other_programs_do_not_inherit_the_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.socket");
        let _listener = UnixListener::bind(&path).unwrap();
        let client = Client::connect(&path).unwrap();
        let descriptor = client.incoming.stream().as_raw_fd();
        let info = fs::read_to_string(format!("/proc/self/fdinfo/{descriptor}")).unwrap();
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap();
        let close_on_exec = 0o2_000_000;
        assert_ne!(u32::from_str_radix(flags.trim(), 8).unwrap() & close_on_exec, 0);
    }
}
