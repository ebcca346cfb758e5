//! Plays every hook tool: it forwards its name, arguments and standard input to
//! the unit's agent, and prints the answer.
//!
//! It is run through a link that bears the name of a tool, such as
//! `config-get`.

use std::env;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use juju_agent_rpc::{CallError, Client, Request, Response};

fn main() -> ExitCode {
    match run() {
        Ok(response) => print(&response),
        Err(text) => {
            // There is nobody left to tell if this fails.
            let _ = writeln!(io::stderr(), "ERROR {text}");
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the entry of a program, and all it does is forward them"
)]
fn run() -> Result<Response, String> {
    let mut arguments = env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let program = arguments.next().unwrap_or_default();
    let command_name = Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
    let context_id = variable("JUJU_CONTEXT_ID")?;
    let address = variable("JUJU_AGENT_SOCKET_ADDRESS")?;
    let network = variable("JUJU_AGENT_SOCKET_NETWORK")?;
    if network != "unix" {
        return Err(format!("dial {network}: only unix sockets are simulated"));
    }
    let dir = env::current_dir().map_err(|error| error.to_string())?;
    let request = Request {
        context_id,
        dir: dir.to_string_lossy().into_owned(),
        command_name: command_name.into_owned(),
        args: arguments.collect(),
        ..Request::default()
    };
    let mut client = Client::connect(&address).map_err(|error| describe(&error))?;
    client.call_with_stdin(&request, read_stdin).map_err(|error| match error {
        CallError::Refused(text) => text,
        error => describe(&error),
    })
}

fn print(response: &Response) -> ExitCode {
    // As with the real tools, a reader who has gone away is no failure.
    let _ = io::stdout().write_all(&response.stdout);
    let _ = io::stderr().write_all(&response.stderr);
    u8::try_from(response.code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Returns a variable; one that is empty counts as not set.
fn variable(name: &str) -> Result<String, String> {
    let value = env::var_os(name).unwrap_or_default();
    if value.is_empty() {
        return Err(format!("{name} not set"));
    }
    Ok(value.to_string_lossy().into_owned())
}

fn read_stdin() -> io::Result<Vec<u8>> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    Ok(input)
}

/// Writes an error and what caused it on one line.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
