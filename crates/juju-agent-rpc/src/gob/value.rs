//! Reading values by the definitions of their sender.

use super::TypeId;
use super::content::Content;
use super::definition::{Definition, Field, TypeTable};
use super::skip::skip;
use crate::protocol_error::Fault;

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

/// Reads which field comes next: its distance from the last one, or 0 at the
/// end of the struct.
pub(super) fn next_field<'a>(
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
    use crate::gob::testing::{int, read, text, uint};
    use crate::gob::{BOOL, INT, Outgoing, STRING};
    use crate::limits::Limits;

    const EXTRA: TypeId = 70;

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
