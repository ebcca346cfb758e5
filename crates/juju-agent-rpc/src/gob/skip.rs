//! Passing over values that nobody here knows.

use super::TypeId;
use super::content::Content;
use super::definition::{Definition, TypeTable};
use super::value::next_field;
use crate::protocol_error::Fault;

/// How deep types may lie within each other: what is sent needs 3 levels, and
/// each level takes some of the stack.
const MAX_DEPTH: usize = 64;

/// Passes over a value of type `id`, and so finds its end.
pub(super) fn skip(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gob::testing::{int, read, text, uint};
    use crate::gob::{BOOL, BYTES, INT, Outgoing, STRING, UINT, Value};
    use crate::limits::Limits;

    const FLOAT: TypeId = 4;
    const COMPLEX: TypeId = 7;
    const INTERFACE: TypeId = 8;
    const EXTRA: TypeId = 70;
    const OTHER: TypeId = 71;

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
}
