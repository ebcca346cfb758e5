//! What `juju-exec` asks of an agent.

use std::fmt;

use crate::gob::{BOOL, INT, Outgoing, STRING, TypeId, Value};
use crate::protocol_error::Fault;
use crate::redacted::Redacted;

/// Text for a shell, to be run in the context of a unit.
///
/// Text and token can hold secrets: `Debug` shows only how long they are.
///
/// ```
/// use juju_agent_rpc::ExecRequest;
///
/// let request = ExecRequest {
///     commands: "secret-add password=hunter2".to_owned(),
///     unit_name: "exporter/0".to_owned(),
///     ..ExecRequest::default()
/// };
/// assert!(!format!("{request:?}").contains("hunter2"));
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the fields are those of the protocol")]
pub struct ExecRequest {
    /// The text for the shell.
    pub commands: String,
    /// The number of the relation in whose context it runs, if in any.
    pub relation_id: Option<u32>,
    /// The unit of that relation; empty if the agent is to infer it.
    pub remote_unit_name: String,
    /// The application of that unit; may be empty.
    pub remote_application_name: String,
    /// Whether the remote unit may be none, or not be in the relation.
    pub force_remote_unit: bool,
    /// The unit.
    pub unit_name: String,
    /// What an agent behind TLS wants to see (3.6 and older); empty for one
    /// behind a unix socket.
    pub token: String,
    /// Whether it runs beside the charm's workload and not within (3.6 and
    /// older, for charms made from a pod spec).
    pub operator: bool,
}

impl ExecRequest {
    /// Writes the request, as a value of type `id`.
    pub(crate) fn write(&self, out: &mut Outgoing, id: TypeId) {
        let fields = [
            ("Commands", STRING),
            ("RelationId", INT),
            ("RemoteUnitName", STRING),
            ("RemoteApplicationName", STRING),
            ("ForceRemoteUnit", BOOL),
            ("UnitName", STRING),
            ("Token", STRING),
            ("Operator", BOOL),
        ];
        out.define_struct(id, "RunCommandsArgs", &fields);
        out.value(id, |fields| {
            fields
                .string(&self.commands)
                .int(self.relation_id.map_or(NO_RELATION, i64::from))
                .string(&self.remote_unit_name)
                .string(&self.remote_application_name)
                .boolean(self.force_remote_unit)
                .string(&self.unit_name)
                .string(&self.token)
                .boolean(self.operator)
        });
    }

    pub(crate) fn read(value: Value<'_>) -> Result<Self, Fault> {
        let mut request = Self::default();
        // What is left out is zero, and zero is a relation.
        let mut relation_id = 0;
        for field in value.fields()? {
            let field = field?;
            match field.name() {
                "Commands" => request.commands = field.string()?,
                "RelationId" => relation_id = field.int()?,
                "RemoteUnitName" => request.remote_unit_name = field.string()?,
                "RemoteApplicationName" => request.remote_application_name = field.string()?,
                "ForceRemoteUnit" => request.force_remote_unit = field.boolean()?,
                "UnitName" => request.unit_name = field.string()?,
                "Token" => request.token = field.string()?,
                "Operator" => request.operator = field.boolean()?,
                _ => {}
            }
        }
        request.relation_id = match relation_id {
            NO_RELATION => None,
            id => Some(u32::try_from(id).map_err(|_| Fault::RelationId { id })?),
        };
        Ok(request)
    }
}

/// What stands on the wire for no relation.
const NO_RELATION: i64 = -1;

impl fmt::Debug for ExecRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecRequest")
            .field("commands", &Redacted(self.commands.len()))
            .field("relation_id", &self.relation_id)
            .field("remote_unit_name", &self.remote_unit_name)
            .field("remote_application_name", &self.remote_application_name)
            .field("force_remote_unit", &self.force_remote_unit)
            .field("unit_name", &self.unit_name)
            .field("token", &Redacted(self.token.len()))
            .field("operator", &self.operator)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::Incoming;
    use crate::limits::Limits;
    use crate::testing::Replay;

    fn read(mut out: Outgoing) -> Result<ExecRequest, Fault> {
        let mut incoming = Incoming::new(Replay::new(out.take_bytes()), Limits::default());
        let message = incoming.next().unwrap().expect("a value follows");
        ExecRequest::read(incoming.value(&message)?)
    }

    #[test]
    fn the_first_relation_is_not_none() {
        for relation_id in [None, Some(0), Some(7), Some(u32::MAX)] {
            let mut out = Outgoing::default();
            let request = ExecRequest { relation_id, ..ExecRequest::default() };
            request.write(&mut out, 65);
            assert_eq!(read(out).unwrap().relation_id, relation_id);
        }
        // As Juju 4 has it, which leaves out what is zero.
        let mut out = Outgoing::default();
        let fields = [("UnitName", STRING), ("RelationId", INT), ("Commands", STRING)];
        out.define_struct(300, "RunCommandsArgs", &fields);
        out.value(300, |fields| fields.string("app/0").absent().string("true"));
        let expected = ExecRequest {
            commands: "true".to_owned(),
            relation_id: Some(0),
            unit_name: "app/0".to_owned(),
            ..ExecRequest::default()
        };
        assert_eq!(read(out), Ok(expected));
    }

    #[test]
    fn refuses_a_relation_that_no_model_has() {
        let refused = |id: i64| {
            let mut out = Outgoing::default();
            out.define_struct(65, "RunCommandsArgs", &[("RelationId", INT)]);
            out.value(65, |fields| fields.int(id));
            read(out).unwrap_err().to_string()
        };
        insta::assert_snapshot!(refused(1 << 32), @"relation id 4294967296 is neither -1 nor a number of 32 bits");
        insta::assert_snapshot!(refused(-2), @"relation id -2 is neither -1 nor a number of 32 bits");
    }

    #[test]
    fn debug_shows_no_secret() {
        let request = ExecRequest {
            commands: "hunter2".to_owned(),
            relation_id: Some(3),
            remote_unit_name: "db/0".to_owned(),
            remote_application_name: "db".to_owned(),
            force_remote_unit: true,
            unit_name: "app/0".to_owned(),
            token: "hunter2".to_owned(),
            operator: false,
        };
        insta::assert_snapshot!(
            format!("{request:?}"),
            @r#"ExecRequest { commands: <7 bytes>, relation_id: Some(3), remote_unit_name: "db/0", remote_application_name: "db", force_remote_unit: true, unit_name: "app/0", token: <7 bytes>, operator: false }"#
        );
    }
}
