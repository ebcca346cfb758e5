//! The protocol between a Juju unit agent and its hook tools, both ends: calls
//! of Go's `net/rpc`, written in gob, over any stream of bytes.
//!
//! A hook tool such as [`config-get`] only forwards its arguments to the agent,
//! over a unix socket, and prints the answer. A [`Client`] does the same
//! without starting a program; [`serve`] is the agent's end, for a simulator.
//!
//! ```
//! use std::os::unix::net::UnixStream;
//! use std::thread;
//!
//! use juju_agent_rpc::{Client, Request, Response, serve};
//!
//! let (charm, agent) = UnixStream::pair()?;
//! let agent = thread::spawn(move || {
//!     serve(agent, |request| match request.command_name.as_str() {
//!         "is-leader" => Ok(Response { stdout: b"true\n".to_vec(), ..Response::default() }),
//!         unknown => Err(format!("bad request: unknown command: {unknown}")),
//!     })
//! });
//!
//! let mut client = Client::new(charm);
//! let request = Request {
//!     context_id: "exporter/0-install-6f1c".to_owned(),
//!     dir: "/var/lib/juju/agents/unit-exporter-0/charm".to_owned(),
//!     command_name: "is-leader".to_owned(),
//!     args: vec!["--format=json".to_owned()],
//!     ..Request::default()
//! };
//! assert_eq!(client.call(&request)?.stdout, b"true\n");
//!
//! drop(client); // the agent serves until its peer has closed the connection
//! agent.join().expect("the agent does not panic")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Another socket of the agent, `run.socket`, takes text for a shell, as the
//! program `juju-exec` sends it: [`Client::run_commands`] and [`serve_exec`].
//!
//! A connection tells nothing of who listens until it has answered. With
//! [`Client::greet`] it answers a call that runs nothing.
//!
//! [`config-get`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/config-get/
//!
//! # How it reads
//!
//! A peer is not trusted. Types are read from the definitions that it sends:
//! fields are found by their name, those that are not known here are passed
//! over, those that are missing keep their zero value. Every length is checked
//! against what has arrived and against [`Limits`] before memory is set aside.
//! What makes no sense, text that is not UTF-8 included, ends the connection
//! with an error.
//!
//! # What is not here
//!
//! - What the commands mean, which arguments they take and what they print:
//!   that is the business of `juju-hook-env` and `juju-simulator`.
//! - The environment: where the socket lies and which context id to send is
//!   for the caller to say.
//! - The TLS connection of pods made from a pod spec (Juju 3.6 and older). A
//!   [`Client`] takes any stream, and [`Request::token`] is sent.
//! - Requests in parallel on one connection: the agent runs one command at a
//!   time anyway.

mod body;
mod client;
#[cfg(test)]
mod conformance;
mod exec_request;
mod exec_service;
#[cfg(test)]
mod fuzzing;
mod gob;
mod header;
#[cfg(test)]
mod hostile_streams;
mod limits;
mod protocol_error;
mod redacted;
mod request;
mod response;
mod server;
#[cfg(test)]
mod testing;

pub use client::{CallError, Client, ConnectError, STDIN_REQUIRED};
pub use exec_request::ExecRequest;
pub use exec_service::ExecService;
pub use limits::Limits;
pub use protocol_error::ProtocolError;
pub use request::Request;
pub use response::Response;
pub use server::{ServeError, serve, serve_exec, serve_exec_within, serve_within};
