//! What `net/rpc` sends before the body of a request or response.

use crate::gob::{Outgoing, STRING, TypeId, UINT, Value};
use crate::protocol_error::Fault;

/// The method behind which an agent runs its hook tools.
pub(crate) const METHOD: &str = "Jujuc.Main";

/// A method that no agent has, of the service that has [`METHOD`].
pub(crate) const GREETING: &str = "Jujuc.Greet";

/// What Go answers where the service is there and the method is not.
pub(crate) fn no_method(method: &str) -> String {
    format!("rpc: can't find method {method}")
}

/// The first number that a sender gives to a type of its own. The lower ones
/// belong to gob.
pub(crate) const FIRST_TYPE_ID: TypeId = 65;

/// Says which method is called, and numbers the call on its connection.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct RequestHeader {
    pub(crate) method: String,
    pub(crate) sequence: u64,
}

impl RequestHeader {
    pub(crate) fn write(&self, out: &mut Outgoing, id: TypeId) {
        out.define_struct(id, "Request", &[("ServiceMethod", STRING), ("Seq", UINT)]);
        out.value(id, |fields| fields.string(&self.method).uint(self.sequence));
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, Fault> {
        let mut header = Self::default();
        for field in value.fields()? {
            let field = field?;
            match field.name() {
                "ServiceMethod" => header.method = field.string()?,
                "Seq" => header.sequence = field.uint()?,
                _ => {}
            }
        }
        Ok(header)
    }
}

/// Says which call is answered, and whether it was refused.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct ResponseHeader {
    pub(crate) method: String,
    pub(crate) sequence: u64,
    /// Empty unless the call was refused.
    pub(crate) error: String,
}

impl ResponseHeader {
    pub(crate) fn write(&self, out: &mut Outgoing, id: TypeId) {
        let fields = [("ServiceMethod", STRING), ("Seq", UINT), ("Error", STRING)];
        out.define_struct(id, "Response", &fields);
        out.value(id, |fields| fields.string(&self.method).uint(self.sequence).string(&self.error));
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, Fault> {
        let mut header = Self::default();
        for field in value.fields()? {
            let field = field?;
            match field.name() {
                "ServiceMethod" => header.method = field.string()?,
                "Seq" => header.sequence = field.uint()?,
                "Error" => header.error = field.string()?,
                _ => {}
            }
        }
        Ok(header)
    }
}
