//! The types of a gob stream.

use std::collections::{BTreeMap, BTreeSet};

use super::TypeId;
use super::content::Content;
use super::value::Value;
use crate::limits::Limits;
use crate::protocol_error::Fault;

pub(crate) const BOOL: TypeId = 1;
pub(crate) const INT: TypeId = 2;
pub(crate) const UINT: TypeId = 3;
const FLOAT: TypeId = 4;
pub(crate) const BYTES: TypeId = 5;
pub(crate) const STRING: TypeId = 6;
const COMPLEX: TypeId = 7;
const INTERFACE: TypeId = 8;
const WIRE_TYPE: TypeId = 16;
const ARRAY_TYPE: TypeId = 17;
const COMMON_TYPE: TypeId = 18;
const SLICE_TYPE: TypeId = 19;
const STRUCT_TYPE: TypeId = 20;
const FIELD_TYPE: TypeId = 21;
const FIELD_TYPES: TypeId = 22;
const MAP_TYPE: TypeId = 23;
const SELF_CODED_TYPE: TypeId = 24;

/// What a type looks like on the wire.
pub(super) enum Definition {
    Bool,
    Bytes,
    Complex,
    Float,
    Int,
    Interface,
    /// An array or a slice: both are a count and the elements.
    List {
        element: TypeId,
    },
    Map {
        key: TypeId,
        element: TypeId,
    },
    /// A type with a coding of its own, wrapped in a count of bytes.
    SelfCoded,
    String,
    Struct {
        fields: Vec<Field>,
    },
    Uint,
}

/// One field of a struct type.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) id: TypeId,
}

impl Definition {
    /// Returns what Go's users call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Bytes => "[]byte",
            Self::Complex => "complex",
            Self::Float => "float",
            Self::Int => "int",
            Self::Interface => "interface",
            Self::List { .. } => "list",
            Self::Map { .. } => "map",
            Self::SelfCoded => "self-coded",
            Self::String => "string",
            Self::Struct { .. } => "struct",
            Self::Uint => "uint",
        }
    }

    /// Reads a value of Go's `wireType`, which has one field set: the one for
    /// the kind of type.
    fn from_wire_type(wire_type: Value<'_>) -> Result<Option<Self>, Fault> {
        let mut definition = None;
        for kind in wire_type.fields()? {
            let kind = kind?;
            definition = Some(match kind.name() {
                "ArrayT" | "SliceT" => Self::List { element: type_id_in(kind, "Elem")? },
                "MapT" => {
                    Self::Map { key: type_id_in(kind, "Key")?, element: type_id_in(kind, "Elem")? }
                }
                "StructT" => Self::Struct { fields: fields_in(kind)? },
                _ => Self::SelfCoded,
            });
        }
        Ok(definition)
    }
}

/// The types of one direction of one connection: those that every gob stream
/// knows, and those that its sender has defined.
pub(super) struct TypeTable {
    limits: Limits,
    definitions: BTreeMap<TypeId, Definition>,
    /// The length of all definitions that were read, in bytes.
    defined_bytes: usize,
}

impl TypeTable {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, definitions: built_in_definitions(), defined_bytes: 0 }
    }

    pub(super) fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    pub(super) fn definition(&self, id: TypeId) -> Result<&Definition, Fault> {
        self.definitions.get(&id).ok_or(Fault::Undefined { id })
    }

    /// Learns type `id` from the content of its definition.
    ///
    /// The definition may name types that are defined only later.
    pub(super) fn define(&mut self, id: TypeId, content: Content<'_>) -> Result<(), Fault> {
        self.defined_bytes += content.rest().len();
        if self.defined_bytes > self.limits.max_definitions() {
            return Err(Fault::DefinitionsLimit { limit: self.limits.max_definitions() });
        }
        if self.definitions.contains_key(&id) {
            return Err(Fault::DefinedTwice { id });
        }
        let wire_type = Value::whole(self, WIRE_TYPE, content)?;
        let definition = Definition::from_wire_type(wire_type)?.ok_or(Fault::Shapeless { id })?;
        self.definitions.insert(id, definition);
        Ok(())
    }
}

fn fields_in(struct_type: Value<'_>) -> Result<Vec<Field>, Fault> {
    let mut fields = Vec::new();
    let mut names = BTreeSet::new();
    for part in struct_type.fields()? {
        let part = part?;
        if part.name() != "Field" {
            continue;
        }
        for field in part.elements()? {
            let field = field?;
            let name = string_in(field, "Name")?;
            // Go has no such type; with it, a peer could have one field
            // decoded again and again.
            if !names.insert(name.clone()) {
                return Err(Fault::DuplicateField { name });
            }
            fields.push(Field { name, id: type_id_in(field, "Id")? });
        }
    }
    Ok(fields)
}

fn type_id_in(value: Value<'_>, name: &str) -> Result<TypeId, Fault> {
    match field_called(value, name)? {
        Some(id) => id.int(),
        None => Ok(0),
    }
}

fn string_in(value: Value<'_>, name: &str) -> Result<String, Fault> {
    match field_called(value, name)? {
        Some(text) => text.string(),
        None => Ok(String::new()),
    }
}

fn field_called<'a>(value: Value<'a>, name: &str) -> Result<Option<Value<'a>>, Fault> {
    for field in value.fields()? {
        let field = field?;
        if field.name() == name {
            return Ok(Some(field));
        }
    }
    Ok(None)
}

/// The types that need no definition. Those from 16 on describe definitions
/// themselves, so that one decoder reads both.
fn built_in_definitions() -> BTreeMap<TypeId, Definition> {
    let structure = |fields: &[(&str, TypeId)]| Definition::Struct {
        fields: fields.iter().map(|&(name, id)| Field { name: name.to_owned(), id }).collect(),
    };
    BTreeMap::from([
        (BOOL, Definition::Bool),
        (INT, Definition::Int),
        (UINT, Definition::Uint),
        (FLOAT, Definition::Float),
        (BYTES, Definition::Bytes),
        (STRING, Definition::String),
        (COMPLEX, Definition::Complex),
        (INTERFACE, Definition::Interface),
        (
            WIRE_TYPE,
            structure(&[
                ("ArrayT", ARRAY_TYPE),
                ("SliceT", SLICE_TYPE),
                ("StructT", STRUCT_TYPE),
                ("MapT", MAP_TYPE),
                ("GobEncoderT", SELF_CODED_TYPE),
                ("BinaryMarshalerT", SELF_CODED_TYPE),
                ("TextMarshalerT", SELF_CODED_TYPE),
            ]),
        ),
        (ARRAY_TYPE, structure(&[("CommonType", COMMON_TYPE), ("Elem", INT), ("Len", INT)])),
        (COMMON_TYPE, structure(&[("Name", STRING), ("Id", INT)])),
        (SLICE_TYPE, structure(&[("CommonType", COMMON_TYPE), ("Elem", INT)])),
        (STRUCT_TYPE, structure(&[("CommonType", COMMON_TYPE), ("Field", FIELD_TYPES)])),
        (FIELD_TYPE, structure(&[("Name", STRING), ("Id", INT)])),
        (FIELD_TYPES, Definition::List { element: FIELD_TYPE }),
        (MAP_TYPE, structure(&[("CommonType", COMMON_TYPE), ("Key", INT), ("Elem", INT)])),
        (SELF_CODED_TYPE, structure(&[("CommonType", COMMON_TYPE)])),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::{Incoming, Outgoing, ReadError};
    use crate::testing::Replay;

    fn fault(define: impl FnOnce(&mut Outgoing)) -> Fault {
        let mut out = Outgoing::default();
        define(&mut out);
        let limits = Limits::default().with_max_definitions(200);
        match Incoming::new(Replay::new(out.take_bytes()), limits).next() {
            Err(ReadError::Fault(fault)) => fault,
            Err(ReadError::Io(error)) => panic!("the definitions are taken, then {error}"),
            Ok(_) => panic!("a value follows"),
        }
    }

    #[test]
    fn refuses_a_second_definition_of_a_type() {
        let twice = fault(|out| {
            out.define_map(65, STRING, STRING);
            out.define_map(65, STRING, INT);
        });
        insta::assert_snapshot!(twice, @"type `65` is defined twice");
        assert_eq!(fault(|out| out.define_map(INT, INT, INT)), Fault::DefinedTwice { id: INT });
    }

    #[test]
    fn refuses_a_definition_of_nothing() {
        let empty = fault(|out| out.raw(-65, &[0]));
        insta::assert_snapshot!(empty, @"the definition of type `65` defines nothing");
    }

    #[test]
    fn refuses_two_fields_of_one_name() {
        let duplicate = fault(|out| out.define_struct(65, "T", &[("Args", INT), ("Args", INT)]));
        insta::assert_snapshot!(duplicate, @"a struct type has two fields called `Args`");
    }

    #[test]
    fn refuses_definitions_beyond_their_limit() {
        let endless = fault(|out| (65..).take(100).for_each(|id| out.define_map(id, INT, INT)));
        insta::assert_snapshot!(
            endless,
            @"the type definitions are longer than the limit of 200 bytes"
        );
    }

    #[test]
    fn refuses_the_lowest_type_id() {
        assert_eq!(fault(|out| out.raw(i64::MIN, &[0])), Fault::Undefined { id: i64::MIN });
    }

    #[test]
    fn refuses_what_is_not_a_definition() {
        assert_eq!(fault(|out| out.raw(-65, &[3, 1, 1])), Fault::EndsEarly { count: 1, left: 0 });
    }
}
