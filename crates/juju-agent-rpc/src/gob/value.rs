//! Reading values by the definitions of their sender.

use super::TypeId;
use super::content::Content;
use super::definition::{Definition, Field, TypeTable};
use crate::protocol_error::Fault;

/// How deep types may lie within each other: what is sent needs 3 levels, and
/// each level takes some of the stack.
const MAX_DEPTH: usize = 64;

/// A value within a message, read by its sender's definition of its type.
///
/// Its end is known, so what the caller does not know can be left unread.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The field that holds it, for errors and for the caller to tell.
    name: &'a str,
    types: &'a TypeTable,
    definition: &'a Definition,
    bytes: &'a [u8],
}

impl<'a> Value<'a> {
    /// Reads a value that fills all of `content`.
    pub(super) fn whole(
        types: &'a TypeTable,
        id: TypeId,
        mut content: Content<'a>,
    ) -> Result<Self, Fault> {
        let value = Self::next(types, "message", id, &mut content)?;
        match content.rest() {
            [] => Ok(value),
            rest => Err(Fault::Trailing { count: rest.len() }),
        }
    }

    fn next(
        types: &'a TypeTable,
        name: &'a str,
        id: TypeId,
        content: &mut Content<'a>,
    ) -> Result<Self, Fault> {
        let start = content.rest();
        skip(types, id, content, 0)?;
        let bytes = &start[..start.len() - content.rest().len()];
        Ok(Self { name, types, definition: types.definition(id)?, bytes })
    }

    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    /// Iterates over the fields of a struct that are set, in the sender's order.
    pub(crate) fn fields(self) -> Result<Fields<'a>, Fault> {
        match self.definition {
            Definition::Struct { fields } => Ok(Fields {
                types: self.types,
                defined: fields,
                position: 0,
                content: Content::new(self.bytes),
            }),
            _ => Err(self.wrong_type("a struct")),
        }
    }

    /// Iterates over the elements of an array or slice.
    pub(super) fn elements(self) -> Result<Elements<'a>, Fault> {
        match self.definition {
            Definition::List { element } => {
                let mut content = Content::new(self.bytes);
                let left = content.count()?;
                Ok(Elements { types: self.types, name: self.name, id: *element, left, content })
            }
            _ => Err(self.wrong_type("a list")),
        }
    }

    pub(crate) fn boolean(self) -> Result<bool, Fault> {
        match self.definition {
            Definition::Bool => Ok(Content::new(self.bytes).uint()? != 0),
            _ => Err(self.wrong_type("a bool")),
        }
    }

    pub(crate) fn uint(self) -> Result<u64, Fault> {
        match self.definition {
            Definition::Uint => Content::new(self.bytes).uint(),
            _ => Err(self.wrong_type("a uint")),
        }
    }

    pub(crate) fn int(self) -> Result<i64, Fault> {
        match self.definition {
            Definition::Int => Content::new(self.bytes).int(),
            _ => Err(self.wrong_type("an int")),
        }
    }

    pub(crate) fn bytes(self) -> Result<Vec<u8>, Fault> {
        match self.definition {
            Definition::Bytes => Ok(Content::new(self.bytes).counted_bytes()?.to_vec()),
            _ => Err(self.wrong_type("a []byte")),
        }
    }

    pub(crate) fn string(self) -> Result<String, Fault> {
        match self.definition {
            Definition::String => {
                let bytes = Content::new(self.bytes).counted_bytes()?;
                let text = str::from_utf8(bytes)
                    .map_err(|_| Fault::NotUtf8 { name: self.name.to_owned() })?;
                Ok(text.to_owned())
            }
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// Reads a list of strings.
    pub(crate) fn strings(self) -> Result<Vec<String>, Fault> {
        let elements = self.elements()?;
        let (count, limit) = (elements.left, self.types.limits().max_message());
        // An empty string takes one byte on the wire and many more here.
        if count.saturating_mul(size_of::<String>()) > limit {
            return Err(Fault::ManyStrings { count, limit });
        }
        let mut strings = Vec::with_capacity(count);
        for element in elements {
            strings.push(element?.string()?);
        }
        Ok(strings)
    }

    fn wrong_type(&self, expected: &'static str) -> Fault {
        Fault::WrongType { name: self.name.to_owned(), expected, found: self.definition.kind() }
    }
}

/// The fields of a struct that are set.
pub(crate) struct Fields<'a> {
    types: &'a TypeTable,
    defined: &'a [Field],
    /// The number of the field after the last one that was read.
    position: usize,
    content: Content<'a>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Value<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let field = next_field(self.defined, &mut self.position, &mut self.content).transpose()?;
        Some(
            field.and_then(|field| {
                Value::next(self.types, &field.name, field.id, &mut self.content)
            }),
        )
    }
}

/// The elements of an array or slice.
pub(super) struct Elements<'a> {
    types: &'a TypeTable,
    name: &'a str,
    id: TypeId,
    left: usize,
    content: Content<'a>,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Value<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(Value::next(self.types, self.name, self.id, &mut self.content))
    }
}

/// Passes over a value of type `id`, and so finds its end.
fn skip(
    types: &TypeTable,
    id: TypeId,
    content: &mut Content<'_>,
    depth: usize,
) -> Result<(), Fault> {
    if depth == MAX_DEPTH {
        return Err(Fault::Depth { limit: MAX_DEPTH });
    }
    match types.definition(id)? {
        Definition::Bool | Definition::Float | Definition::Int | Definition::Uint => {
            content.uint()?;
        }
        Definition::Bytes | Definition::SelfCoded | Definition::String => {
            content.counted_bytes()?;
        }
        Definition::Complex => {
            content.uint()?;
            content.uint()?;
        }
        // Its value brings type definitions of its own; nothing here has one.
        Definition::Interface => return Err(Fault::Interface),
        Definition::List { element } => {
            for _ in 0..content.count()? {
                skip(types, *element, content, depth + 1)?;
            }
        }
        Definition::Map { key, element } => {
            for _ in 0..content.count()? {
                skip(types, *key, content, depth + 1)?;
                skip(types, *element, content, depth + 1)?;
            }
        }
        Definition::Struct { fields } => {
            let mut position = 0;
            while let Some(field) = next_field(fields, &mut position, content)? {
                skip(types, field.id, content, depth + 1)?;
            }
        }
    }
    Ok(())
}

/// Reads which field comes next: its distance from the last one, or 0 at the
/// end of the struct.
fn next_field<'a>(
    fields: &'a [Field],
    position: &mut usize,
    content: &mut Content<'_>,
) -> Result<Option<&'a Field>, Fault> {
    let Some(step) = content.uint()?.checked_sub(1) else { return Ok(None) };
    let number = step.saturating_add(*position as u64);
    let (index, field) = usize::try_from(number)
        .ok()
        .and_then(|index| Some((index, fields.get(index)?)))
        .ok_or(Fault::FieldNumber { number, count: fields.len() })?;
    *position = index + 1;
    Ok(Some(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::testing::{int, text, uint};
    use crate::gob::{BOOL, BYTES, INT, Incoming, Outgoing, ReadError, STRING, UINT};
    use crate::limits::Limits;
    use crate::testing::Replay;

    const FLOAT: TypeId = 4;
    const COMPLEX: TypeId = 7;
    const INTERFACE: TypeId = 8;
    const EXTRA: TypeId = 70;
    const OTHER: TypeId = 71;

    /// Reads the one value in a stream with `read`.
    fn read<T>(
        mut out: Outgoing,
        limits: Limits,
        read: impl FnOnce(Value<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut incoming = Incoming::new(Replay::new(out.take_bytes()), limits);
        let fault = |error| match error {
            ReadError::Fault(fault) => fault,
            ReadError::Io(error) => panic!("{error}"),
        };
        let message = incoming.next().map_err(fault)?.expect("a value follows");
        read(incoming.value(&message)?)
    }

    /// Reads a struct of an extra field and of `Text`, and returns the latter.
    fn text_after(
        define: impl FnOnce(&mut Outgoing),
        extra: TypeId,
        value: &[Vec<u8>],
    ) -> Result<String, Fault> {
        let mut out = Outgoing::default();
        define(&mut out);
        out.define_struct(65, "T", &[("Extra", extra), ("Text", STRING)]);
        out.raw(65, &[uint(1), value.concat(), uint(1), text("after"), uint(0)].concat());
        read(out, Limits::default(), |value| {
            let fields: Vec<_> = value.fields()?.collect::<Result<_, _>>()?;
            assert_eq!(fields.iter().map(Value::name).collect::<Vec<_>>(), ["Extra", "Text"]);
            fields[1].string()
        })
    }

    #[track_caller]
    fn passes_over(define: impl FnOnce(&mut Outgoing), extra: TypeId, value: &[Vec<u8>]) {
        assert_eq!(text_after(define, extra, value), Ok("after".to_owned()));
    }

    #[test]
    fn passes_over_basic_values() {
        passes_over(|_| {}, BOOL, &[uint(1)]);
        passes_over(|_| {}, BYTES, &[text("bytes")]);
        passes_over(|_| {}, COMPLEX, &[uint(u64::MAX), uint(64)]);
        passes_over(|_| {}, FLOAT, &[uint(0xf03f)]);
        passes_over(|_| {}, INT, &[int(-300)]);
        passes_over(|_| {}, STRING, &[text("text")]);
        passes_over(|_| {}, UINT, &[uint(300)]);
    }

    #[test]
    fn passes_over_arrays() {
        passes_over(|out| out.define_array(EXTRA, FLOAT, 2), EXTRA, &[uint(2), uint(9), uint(9)]);
    }

    #[test]
    fn passes_over_slices() {
        let strings = [uint(3), text("a"), text(""), text("b")];
        passes_over(|out| out.define_slice(EXTRA, "[]string", STRING), EXTRA, &strings);
    }

    #[test]
    fn passes_over_maps() {
        let pairs = [uint(2), text("a"), int(-1), text("b"), int(300)];
        passes_over(|out| out.define_map(EXTRA, STRING, INT), EXTRA, &pairs);
    }

    #[test]
    fn passes_over_structs_within_structs() {
        let define = |out: &mut Outgoing| {
            out.define_struct(EXTRA, "Outer", &[("A", OTHER), ("B", OTHER), ("C", OTHER)]);
            out.define_struct(OTHER, "Inner", &[("X", STRING), ("Y", UINT)]);
        };
        let inner = [uint(2), uint(7), uint(0)].concat();
        let empty = uint(0);
        passes_over(define, EXTRA, &[uint(1), inner.clone(), uint(2), inner, uint(0)]);
        passes_over(define, EXTRA, &[uint(2), empty, uint(0)]);
    }

    #[test]
    fn passes_over_values_with_a_coding_of_their_own() {
        passes_over(|out| out.define_self_coded(EXTRA), EXTRA, &[text("any bytes")]);
    }

    #[test]
    fn refuses_interface_values() {
        let fault = text_after(|_| {}, INTERFACE, &[text("int"), int(2)]).unwrap_err();
        insta::assert_snapshot!(fault, @"interface values are not supported");
    }

    #[test]
    fn refuses_types_that_were_never_defined() {
        let fault = text_after(|_| {}, 99, &[uint(1)]).unwrap_err();
        insta::assert_snapshot!(fault, @"type `99` is not defined");
    }

    #[test]
    fn refuses_a_type_that_goes_on_within_itself() {
        let ones = vec![uint(1); 100_000].concat();
        let fault = text_after(|out| out.define_slice(EXTRA, "T", EXTRA), EXTRA, &[ones]);
        insta::assert_snapshot!(
            fault.unwrap_err(),
            @"a value is nested more than 64 levels deep"
        );
    }

    #[test]
    fn refuses_a_count_that_passes_the_end_of_the_message() {
        let define = |out: &mut Outgoing| out.define_slice(EXTRA, "[]string", STRING);
        let fault = text_after(define, EXTRA, &[uint(1 << 62)]).unwrap_err();
        insta::assert_snapshot!(
            fault,
            @"4611686018427387904 bytes or elements have to follow where 8 bytes are left"
        );
        assert!(text_after(|_| {}, STRING, &[uint(9)]).is_err());
    }

    #[test]
    fn refuses_a_field_that_the_type_does_not_have() {
        let mut out = Outgoing::default();
        out.define_struct(65, "T", &[("Text", STRING)]);
        out.raw(65, &[uint(2), text("x"), uint(0)].concat());
        let fault = read(out, Limits::default(), |_| Ok(())).unwrap_err();
        insta::assert_snapshot!(fault, @"field number 1 is set in a struct type of 1 fields");

        let mut out = Outgoing::default();
        out.define_struct(65, "T", &[("Text", STRING)]);
        out.raw(65, &[uint(1), text("x"), uint(u64::MAX), uint(0)].concat());
        assert!(read(out, Limits::default(), |_| Ok(())).is_err());
    }

    #[test]
    fn refuses_bytes_behind_a_value() {
        let mut out = Outgoing::default();
        out.define_struct(65, "T", &[]);
        out.raw(65, &[uint(0), uint(0), uint(0)].concat());
        let fault = read(out, Limits::default(), |_| Ok(())).unwrap_err();
        insta::assert_snapshot!(fault, @"2 bytes follow the end of a value");
    }

    #[test]
    fn refuses_values_of_another_type_than_expected() {
        let mut out = Outgoing::default();
        out.define_slice(EXTRA, "[]int", INT);
        let fields = [("Bool", BOOL), ("Int", INT), ("Ints", EXTRA)];
        out.define_struct(65, "T", &fields);
        let ints = [uint(1), int(-1)].concat();
        out.raw(65, &[uint(1), uint(1), uint(1), int(-1), uint(1), ints, uint(0)].concat());
        read(out, Limits::default(), |value| {
            let fault = value.string().unwrap_err();
            insta::assert_snapshot!(fault, @"`message` is of type struct, a string belongs there");
            let fields: Vec<_> = value.fields()?.collect::<Result<_, _>>()?;
            let [boolean, integer, integers] = fields[..] else { panic!("three fields are set") };
            assert_eq!(boolean.boolean(), Ok(true));
            assert!(boolean.int().is_err());
            assert!(boolean.fields().is_err());
            assert_eq!(integer.int(), Ok(-1));
            assert!(integer.uint().is_err());
            assert!(integer.boolean().is_err());
            assert!(integer.bytes().is_err());
            assert!(integer.strings().is_err());
            assert!(integers.strings().is_err());
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn refuses_text_that_is_not_utf_8() {
        let mut out = Outgoing::default();
        out.define_struct(65, "T", &[("Dir", STRING)]);
        out.raw(65, &[1, 2, 0xc3, 0x28, 0]);
        let fault = read(out, Limits::default(), |value| {
            value.fields()?.try_for_each(|field| field?.string().map(drop))
        });
        insta::assert_snapshot!(fault.unwrap_err(), @"`Dir` is not text in UTF-8");
    }

    #[test]
    fn refuses_strings_that_take_more_memory_than_a_message_may_have() {
        let limits = Limits::default().with_max_message(1024);
        let check = |count: usize| {
            let mut out = Outgoing::default();
            out.define_slice(EXTRA, "[]string", STRING);
            out.define_struct(65, "T", &[("Args", EXTRA)]);
            out.raw(65, &[uint(1), uint(count as u64), vec![0; count], uint(0)].concat());
            read(out, limits, |value| {
                value.fields()?.try_for_each(|field| field?.strings().map(drop))
            })
        };
        assert_eq!(check(42), Ok(()));
        insta::assert_snapshot!(
            check(43).unwrap_err(),
            @"43 strings take more memory than the limit of 1024 bytes"
        );
    }
}
