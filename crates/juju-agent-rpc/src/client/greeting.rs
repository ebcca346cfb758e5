//! Telling an agent from others.

use std::io::{Read, Write};

use super::{CallError, Client};
use crate::header::{GREETING, no_method};
use crate::request::Request;

impl<S: Read + Write> Client<S> {
    /// Asks the agent for nothing, to see whether there is one that speaks this
    /// protocol.
    ///
    /// It calls a method that no agent has, next to the one that runs commands,
    /// and takes the refusal for an answer. So nothing is run, whatever comes
    /// of it, and the connection can be used further.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); [`CallError::Refused`] if whoever listens
    /// there runs no hook tools.
    pub fn greet(&mut self) -> Result<(), CallError> {
        match self.call_method(GREETING, &Request::default()) {
            Err(CallError::Refused(text)) if text == no_method(GREETING) => Ok(()),
            result => result.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{answers, request};
    use crate::header::METHOD;
    use crate::response::Response;
    use crate::server::serve;
    use crate::testing::Replay;

    /// What an agent answers that registered its commands under another name.
    fn answer_of_another_service() -> Vec<u8> {
        let text = "rpc: can't find service Jujuc.Greet";
        answers(["nothing"], |_| Err(text.to_owned()))
    }

    #[test]
    fn a_greeting_runs_nothing_and_leaves_the_connection_usable() {
        let mut client = Client::new(Replay::new([]));
        client.send(GREETING, 0, &Request::default()).unwrap();
        client.send(METHOD, 1, &request("is-leader")).unwrap();
        let mut stream = Replay::new(client.into_output());
        let mut commands = Vec::new();
        serve(&mut stream, |request| {
            commands.push(request.command_name);
            Ok(Response::default())
        })
        .unwrap();
        assert_eq!(commands, ["is-leader"]);

        let mut client = Client::new(Replay::new(stream.output));
        client.greet().unwrap();
        assert_eq!(client.call(&request("is-leader")).unwrap(), Response::default());
    }

    #[test]
    fn a_greeting_tells_an_agent_from_others() {
        let other = Client::new(Replay::new(answer_of_another_service())).greet();
        assert!(matches!(other, Err(CallError::Refused(_))), "{other:?}");
        let other = Client::new(Replay::new(b"HTTP/1.1 400 Bad Request\r\n\r\n")).greet();
        assert!(other.is_err());
    }
}
