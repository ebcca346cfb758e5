//! What a struct of options looks like.

use std::any::type_name;
use std::cell::Cell;
use std::fmt;

use juju_types::ConfigType;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// What a type that the options are read into asks for, as serde tells.
///
/// No value of the type is made: it is asked for the names of its fields, and
/// then once for each field, to see what it wants there.
pub(crate) struct ConfigFields {
    pub(crate) type_name: &'static str,
    /// The names of the fields, and what they take, where that is known.
    pub(crate) fields: Vec<(&'static str, Option<FieldKind>)>,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FieldKind {
    Boolean,
    Float,
    Int,
    Text,
}

impl ConfigFields {
    pub(crate) fn of<T: DeserializeOwned>() -> Self {
        let full = type_name::<T>();
        let asked = Asked::default();
        // It ends with an error each time, as nothing is handed over.
        let _ = T::deserialize(Probe { asked: &asked, field: None });
        let fields = asked.fields.get().iter().map(|name| {
            asked.kind.set(None);
            let _ = T::deserialize(Probe { asked: &asked, field: Some(name) });
            (*name, asked.kind.get())
        });
        Self { type_name: full.rsplit("::").next().unwrap_or(full), fields: fields.collect() }
    }
}

impl FieldKind {
    /// Tells whether Juju's value of an option can be read into the field.
    pub(crate) fn takes(self, option: ConfigType) -> bool {
        match option {
            ConfigType::Boolean => self == Self::Boolean,
            ConfigType::Float => self == Self::Float,
            ConfigType::Int => matches!(self, Self::Float | Self::Int),
            ConfigType::Secret | ConfigType::String => self == Self::Text,
        }
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "a boolean",
            Self::Float => "a float",
            Self::Int => "an int",
            Self::Text => "text",
        })
    }
}

/// What a type has asked for.
#[derive(Default)]
struct Asked {
    fields: Cell<&'static [&'static str]>,
    kind: Cell<Option<FieldKind>>,
}

fn enough<T>() -> Result<T, Error> {
    Err(Error::custom("it is known what the type asks for"))
}

/// Stands for the options.
struct Probe<'a> {
    asked: &'a Asked,
    /// The field that is looked at, if it is not only about the names.
    field: Option<&'static str>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        enough()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.asked.fields.set(fields);
        match self.field {
            Some(_) => visitor.visit_map(self),
            None => enough(),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Probe<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(field) = self.field.take() else { return Ok(None) };
        let name: StrDeserializer<'_, Error> = field.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(FieldProbe(self.asked))
    }
}

/// Stands for the value of an option.
struct FieldProbe<'a>(&'a Asked);

impl FieldProbe<'_> {
    fn note<T>(&self, kind: FieldKind) -> Result<T, Error> {
        self.0.kind.set(Some(kind));
        enough()
    }
}

macro_rules! note {
    ($($kind:ident: $($method:ident)*;)*) => {
        $($(
            fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
                self.note(FieldKind::$kind)
            }
        )*)*
    };
}

impl<'de> Deserializer<'de> for FieldProbe<'_> {
    type Error = Error;

    note! {
        Boolean: deserialize_bool;
        Float: deserialize_f32 deserialize_f64;
        Int: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128;
        Text: deserialize_char deserialize_str deserialize_string;
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        enough()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.note(FieldKind::Text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
#[expect(dead_code, reason = "no value of the types here is ever made")]
mod tests {
    use std::net::IpAddr;

    use serde::Deserialize;

    use super::ConfigFields;

    #[derive(Deserialize)]
    enum Level {
        High,
        Low,
    }

    #[derive(Deserialize)]
    struct Port(u16);

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Config {
        listen_on: IpAddr,
        port: Port,
        log_level: Option<Level>,
        ratio: f64,
        verbose: bool,
        #[serde(default)]
        extra: serde_json::Value,
        #[serde(skip)]
        own: u8,
    }

    #[test]
    fn the_fields_of_a_struct_and_what_they_take_are_known() {
        let fields = ConfigFields::of::<Config>();
        assert_eq!(fields.type_name, "Config");
        let text = |(name, kind): &(&str, Option<super::FieldKind>)| match kind {
            Some(kind) => format!("{name}: {kind}"),
            None => format!("{name}: anything"),
        };
        let fields: Vec<String> = fields.fields.iter().map(text).collect();
        insta::assert_snapshot!(fields.join("\n"), @r"
        listen-on: text
        port: an int
        log-level: text
        ratio: a float
        verbose: a boolean
        extra: anything
        ");
    }

    #[test]
    fn a_map_has_no_fields_of_its_own() {
        let map = ConfigFields::of::<std::collections::BTreeMap<String, String>>();
        assert!(map.fields.is_empty());
    }
}
