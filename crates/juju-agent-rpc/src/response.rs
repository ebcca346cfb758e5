//! What an agent answers.

use std::fmt;

use crate::gob::{BYTES, INT, Outgoing, TypeId, Value};
use crate::protocol_error::Fault;
use crate::redacted::Redacted;

/// What a hook tool answered.
///
/// The output can hold secrets: `Debug` shows only how long it is.
///
/// ```
/// use juju_agent_rpc::Response;
///
/// let response = Response { stdout: b"hunter2".to_vec(), ..Response::default() };
/// assert!(!format!("{response:?}").contains("hunter2"));
/// assert_eq!(response.code, 0);
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the fields are those of the protocol")]
pub struct Response {
    /// The exit code.
    pub code: i32,
    /// What the tool prints to its standard output.
    pub stdout: Vec<u8>,
    /// What the tool prints to its standard error.
    pub stderr: Vec<u8>,
}

impl Response {
    pub(crate) fn write(&self, out: &mut Outgoing, id: TypeId) {
        let fields = [("Code", INT), ("Stdout", BYTES), ("Stderr", BYTES)];
        out.define_struct(id, "ExecResponse", &fields);
        out.value(id, |fields| {
            fields.int(self.code.into()).bytes(&self.stdout).bytes(&self.stderr)
        });
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, Fault> {
        let mut response = Self::default();
        for field in value.fields()? {
            let field = field?;
            match field.name() {
                "Code" => response.code = exit_code(field.int()?)?,
                "Stdout" => response.stdout = field.bytes()?,
                "Stderr" => response.stderr = field.bytes()?,
                _ => {}
            }
        }
        Ok(response)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("code", &self.code)
            .field("stdout", &Redacted(self.stdout.len()))
            .field("stderr", &Redacted(self.stderr.len()))
            .finish()
    }
}

fn exit_code(code: i64) -> Result<i32, Fault> {
    i32::try_from(code).map_err(|_| Fault::ExitCode { code })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::Incoming;
    use crate::limits::Limits;
    use crate::testing::Replay;

    fn read(mut out: Outgoing) -> Result<Response, Fault> {
        let mut incoming = Incoming::new(Replay::new(out.take_bytes()), Limits::default());
        let message = incoming.next().unwrap().expect("a value follows");
        Response::read(incoming.value(&message)?)
    }

    #[test]
    fn reads_negative_exit_codes() {
        let mut out = Outgoing::default();
        Response { code: -1, ..Response::default() }.write(&mut out, 65);
        assert_eq!(read(out).unwrap().code, -1);
    }

    #[test]
    fn refuses_an_exit_code_that_no_program_has() {
        let mut out = Outgoing::default();
        out.define_struct(65, "ExecResponse", &[("Code", INT)]);
        out.value(65, |fields| fields.int(1 << 32));
        let fault = read(out).unwrap_err();
        insta::assert_snapshot!(fault, @"exit code 4294967296 does not fit in 32 bits");
    }

    #[test]
    fn debug_shows_no_secret() {
        let response = Response { code: 1, stdout: b"hunter2".to_vec(), stderr: Vec::new() };
        insta::assert_snapshot!(
            format!("{response:?}"),
            @"Response { code: 1, stdout: <7 bytes>, stderr: <0 bytes> }"
        );
    }
}
