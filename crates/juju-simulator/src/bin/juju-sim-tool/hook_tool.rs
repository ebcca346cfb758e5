//! A hook tool: it forwards its name, arguments and standard input to the
//! unit's agent.

use std::env;
use std::io::{self, Read};

use juju_agent_rpc::{CallError, Client, Request, Response};

use super::{describe, variable};

/// Calls the tool `name`. The error says in Juju's words why it cannot be called.
pub(super) fn run(name: &str, args: Vec<String>) -> Result<Response, String> {
    let needed = |name: &str| variable(name).ok_or_else(|| format!("{name} not set"));
    let context_id = needed("JUJU_CONTEXT_ID")?;
    let address = needed("JUJU_AGENT_SOCKET_ADDRESS")?;
    let network = needed("JUJU_AGENT_SOCKET_NETWORK")?;
    if network != "unix" {
        return Err(format!("dial {network}: only unix sockets are simulated"));
    }
    let dir = env::current_dir().map_err(|error| error.to_string())?;
    let request = Request {
        context_id,
        dir: dir.to_string_lossy().into_owned(),
        command_name: name.to_owned(),
        args,
        ..Request::default()
    };
    let mut client = Client::connect(&address).map_err(|error| describe(&error))?;
    client.call_with_stdin(&request, read_stdin).map_err(|error| match error {
        CallError::Refused(text) => text,
        error => describe(&error),
    })
}

fn read_stdin() -> io::Result<Vec<u8>> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    Ok(input)
}
