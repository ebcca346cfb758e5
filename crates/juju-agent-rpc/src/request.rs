//! What a client asks of an agent.

use std::fmt;

use crate::gob::{BOOL, BYTES, Outgoing, STRING, TypeId, Value};
use crate::protocol_error::Fault;
use crate::redacted::Redacted;

/// One call of a hook tool.
///
/// Arguments, standard input and token can hold secrets: `Debug` shows only
/// how many there are.
///
/// ```
/// use juju_agent_rpc::Request;
///
/// let request = Request {
///     command_name: "secret-add".to_owned(),
///     args: vec!["password=hunter2".to_owned()],
///     ..Request::default()
/// };
/// assert!(!format!("{request:?}").contains("hunter2"));
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the fields are those of the protocol")]
pub struct Request {
    /// The hook that the call belongs to: `JUJU_CONTEXT_ID` as it is.
    pub context_id: String,
    /// The folder that relative file names in the arguments start from. The
    /// agent refuses one that is not absolute.
    pub dir: String,
    /// The name of the tool, such as `config-get`.
    pub command_name: String,
    /// The arguments, without the program's name.
    pub args: Vec<String>,
    /// The standard input; `None` if there is none to give, which is not the
    /// same as an empty one.
    pub stdin: Option<Vec<u8>>,
    /// What an agent behind TLS wants to see; empty for one behind a unix socket.
    pub token: String,
}

impl Request {
    /// Writes the request, as a value of type `id`; its arguments are one of
    /// type `args_id`.
    pub(crate) fn write(&self, out: &mut Outgoing, id: TypeId, args_id: TypeId) {
        let fields = [
            ("ContextId", STRING),
            ("Dir", STRING),
            ("CommandName", STRING),
            ("Args", args_id),
            ("StdinSet", BOOL),
            ("Stdin", BYTES),
            ("Token", STRING),
        ];
        out.define_struct(id, "Request", &fields);
        out.define_slice(args_id, "[]string", STRING);
        out.value(id, |fields| {
            fields
                .string(&self.context_id)
                .string(&self.dir)
                .string(&self.command_name)
                .strings(&self.args)
                .boolean(self.stdin.is_some())
                .bytes(self.stdin.as_deref().unwrap_or_default())
                .string(&self.token)
        });
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, Fault> {
        let mut request = Self::default();
        let mut has_stdin = false;
        let mut stdin = Vec::new();
        for field in value.fields()? {
            let field = field?;
            match field.name() {
                "ContextId" => request.context_id = field.string()?,
                "Dir" => request.dir = field.string()?,
                "CommandName" => request.command_name = field.string()?,
                "Args" => request.args = field.strings()?,
                "StdinSet" => has_stdin = field.boolean()?,
                "Stdin" => stdin = field.bytes()?,
                "Token" => request.token = field.string()?,
                _ => {}
            }
        }
        request.stdin = has_stdin.then_some(stdin);
        Ok(request)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdin = self.stdin.as_ref().map(|bytes| Redacted(bytes.len()));
        f.debug_struct("Request")
            .field("context_id", &self.context_id)
            .field("dir", &self.dir)
            .field("command_name", &self.command_name)
            .field("args", &format_args!("<{}>", self.args.len()))
            .field("stdin", &stdin)
            .field("token", &Redacted(self.token.len()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::testing::{text, uint};
    use crate::gob::{Incoming, ReadError};
    use crate::limits::Limits;
    use crate::testing::Replay;

    fn read(mut out: Outgoing) -> Result<Request, Fault> {
        let mut incoming = Incoming::new(Replay::new(out.take_bytes()), Limits::default());
        match incoming.next() {
            Ok(message) => Request::read(incoming.value(&message.expect("a value follows"))?),
            Err(ReadError::Fault(fault)) => Err(fault),
            Err(ReadError::Io(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn finds_fields_by_their_name_whatever_else_a_sender_defines() {
        let mut out = Outgoing::default();
        // The type of the arguments is defined before and after others, under
        // a large id, as a long-lived agent may give it.
        out.define_map(4711, STRING, BYTES);
        let fields = [
            ("Token", STRING),
            ("Labels", 4711),
            ("Args", 100_000),
            ("StdinSet", BOOL),
            ("CommandName", STRING),
            ("Stdin", BYTES),
        ];
        out.define_struct(300, "Ask", &fields);
        out.define_slice(100_000, "Words", STRING);
        let content = [
            [uint(2), uint(1), text("k"), text("v")].concat(),
            [uint(1), uint(2), text("-r"), text("")].concat(),
            [uint(1), uint(1)].concat(),
            [uint(1), text("relation-get")].concat(),
            [uint(1), text("in")].concat(),
            uint(0),
        ];
        out.raw(300, &content.concat());
        let expected = Request {
            command_name: "relation-get".to_owned(),
            args: vec!["-r".to_owned(), String::new()],
            stdin: Some(b"in".to_vec()),
            ..Request::default()
        };
        assert_eq!(read(out), Ok(expected));
    }

    #[test]
    fn standard_input_counts_only_if_it_is_said_to_be_set() {
        let mut out = Outgoing::default();
        out.define_struct(65, "Request", &[("Stdin", BYTES)]);
        out.value(65, |fields| fields.bytes(b"in"));
        assert_eq!(read(out), Ok(Request::default()));
    }

    #[test]
    fn refuses_arguments_that_are_no_list() {
        let mut out = Outgoing::default();
        out.define_struct(65, "Request", &[("Args", STRING)]);
        out.value(65, |fields| fields.string("one"));
        insta::assert_snapshot!(
            read(out).unwrap_err(),
            @"`Args` is of type string, a list belongs there"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let request = Request {
            context_id: "app/0-install-6f1c".to_owned(),
            dir: "/charm".to_owned(),
            command_name: "secret-add".to_owned(),
            args: vec!["password=hunter2".to_owned()],
            stdin: Some(b"hunter2".to_vec()),
            token: "hunter2".to_owned(),
        };
        insta::assert_snapshot!(
            format!("{request:?}"),
            @r#"Request { context_id: "app/0-install-6f1c", dir: "/charm", command_name: "secret-add", args: <1>, stdin: Some(<7 bytes>), token: <7 bytes> }"#
        );
    }
}
