use crate::exec_request::ExecRequest;
use crate::gob::{Outgoing, TypeId, Value};
use crate::protocol_error::Fault;
use crate::request::Request;

/// What follows the header of a request.
pub(crate) trait Body: Sized {
    /// Writes the body, as a value of a type of its own: those of all bodies
    /// and of the header have different numbers.
    fn encode(&self, out: &mut Outgoing, header_id: TypeId);

    fn decode(value: Value<'_>) -> Result<Self, Fault>;
}

impl Body for ExecRequest {
    fn encode(&self, out: &mut Outgoing, header_id: TypeId) {
        self.write(out, header_id + 3);
    }

    fn decode(value: Value<'_>) -> Result<Self, Fault> {
        Self::read(value)
    }
}

impl Body for Request {
    fn encode(&self, out: &mut Outgoing, header_id: TypeId) {
        self.write(out, header_id + 1, header_id + 2);
    }

    fn decode(value: Value<'_>) -> Result<Self, Fault> {
        Self::read(value)
    }
}
