//! Reading settings, which are texts, as types.

use std::collections::BTreeMap;
use std::collections::btree_map;

use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

use crate::misfit::Misfit;

/// Settings that Juju itself publishes for each unit.
const JUJUS_OWN: [&str; 3] = ["egress-subnets", "ingress-address", "private-address"];

/// One setting, which is read as JSON, and as it is where a text is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SettingDeserializer<'de>(&'de str);

impl<'de> SettingDeserializer<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self(text)
    }

    fn json(self) -> Result<Value, Error> {
        // The text of serde_json's own error would not say what the value is.
        serde_json::from_str(self.0).map_err(|_| Error::custom(Misfit::NOT_JSON))
    }

    fn text(self) -> String {
        match serde_json::from_str(self.0) {
            Ok(Value::String(text)) => text,
            _ => self.0.to_owned(),
        }
    }
}

impl<'de> Deserializer<'de> for SettingDeserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match serde_json::from_str::<Value>(self.0) {
            Ok(value) => value.deserialize_any(visitor),
            Err(_) => visitor.visit_str(self.0),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0 == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match serde_json::from_str::<Value>(self.0) {
            Ok(value @ (Value::Object(_) | Value::String(_))) => {
                value.deserialize_enum(name, variants, visitor)
            }
            _ => visitor.visit_enum(self.0.into_deserializer()),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.json()?.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json()?.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json()?.deserialize_seq(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json()?.deserialize_bool(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        tuple tuple_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for SettingDeserializer<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// All settings of a unit or an application, as a struct or a map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SettingsDeserializer<'de>(&'de BTreeMap<String, String>);

impl<'de> SettingsDeserializer<'de> {
    pub(crate) fn new(settings: &'de BTreeMap<String, String>) -> Self {
        Self(settings)
    }
}

type Entry<'de> = (StrDeserializer<'de, Error>, SettingDeserializer<'de>);

fn entry<'de>((key, value): (&'de String, &'de String)) -> Entry<'de> {
    (key.as_str().into_deserializer(), SettingDeserializer(value))
}

impl<'de> Deserializer<'de> for SettingsDeserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let entries: btree_map::Iter<'de, String, String> = self.0.iter();
        let entries = entries.filter(|(key, _)| !JUJUS_OWN.contains(&key.as_str()));
        visitor.visit_map(MapDeserializer::new(entries.map(entry)))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let is_wanted = |key: &str| !JUJUS_OWN.contains(&key) || fields.contains(&key);
        let entries = self.0.iter().filter(|(key, _)| is_wanted(key));
        visitor.visit_map(MapDeserializer::new(entries.map(entry)))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
        ignored_any
    }
}
