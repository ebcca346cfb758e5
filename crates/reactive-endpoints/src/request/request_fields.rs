//! The fields of a request or a response, as they are on the wire.

use std::collections::BTreeMap;
use std::fmt;

use python_json::{SerializeError, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use thiserror::Error;

use crate::request::request_id::RequestId;

/// The fields of a request or a response, as they are on the wire; its
/// `Display` is the setting.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct RequestFields(BTreeMap<String, Value>);

impl RequestFields {
    /// The field that every request has beside its own.
    const ID: &'static str = "request_id";

    /// Takes the fields of a request or a response.
    pub(crate) fn of<T: Serialize>(data: &T) -> Result<Self, SerializeError> {
        match python_json::to_string(data)?.parse() {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(SerializeError::custom("it must be a struct or a map")),
            Err(_) => Err(SerializeError::custom("it cannot be read again")),
        }
    }

    /// Reads a setting. Python takes a request back by making it null: then
    /// there is none.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, Defect> {
        match text.parse() {
            Ok(Value::Null) => Ok(None),
            Ok(Value::Object(fields)) => Ok(Some(Self(fields))),
            Ok(_) => Err(Defect::NotAnObject),
            Err(_) => Err(Defect::NotJson),
        }
    }

    /// Takes the id out of the fields, if it is there.
    pub(crate) fn take_id(&mut self) -> Result<Option<RequestId>, Defect> {
        match self.0.remove(Self::ID) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(id)) => id.parse().map(Some).map_err(|_| Defect::Id),
            Some(_) => Err(Defect::Id),
        }
    }

    /// Returns the fields with the id among them.
    pub(crate) fn with_id(mut self, id: &RequestId) -> Self {
        self.0.insert(Self::ID.to_owned(), Value::String(id.to_string()));
        self
    }

    /// Makes a request or a response of them.
    pub(crate) fn parse<T: DeserializeOwned>(self) -> Result<T, Defect> {
        python_json::from_value(Value::Object(self.0)).map_err(|error| {
            let path = error.path().map(shortened);
            match (error.missing_field(), path) {
                (Some(field), path) => Defect::Missing { field: field.to_owned(), path },
                (None, Some(path)) => Defect::Field(path),
                (None, None) => Defect::Whole,
            }
        })
    }
}

impl fmt::Display for RequestFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A map of values has a text, as each of them has.
        python_json::to_string(&self.0).map_err(|_| fmt::Error)?.fmt(f)
    }
}

/// What is wrong with a request or a response. It never quotes a value, which
/// may be a secret.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub(crate) enum Defect {
    #[error("`{0}` is not what it should be")]
    Field(String),
    #[error("its `request_id` is not valid")]
    Id,
    #[error("`{0}` has the same `request_id`")]
    IdTaken(String),
    #[error("`{field}` is missing{}", path.as_ref().map(|path| format!(" in `{path}`")).unwrap_or_default())]
    Missing { field: String, path: Option<String> },
    #[error("it is not an object")]
    NotAnObject,
    #[error("it is not JSON")]
    NotJson,
    #[error("it is not what it should be")]
    Whole,
}

/// Makes a text of another program fit to be shown: escaped, and not longer
/// than anybody reads.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    if chars.next().is_none() { shown } else { format!("{shown}…") }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Serialize)]
    struct Job {
        name: String,
        ports: Vec<u16>,
    }

    fn read(text: &str) -> Result<Job, Defect> {
        RequestFields::read(text)?.expect("there is one").parse()
    }

    #[test]
    fn says_what_is_wrong_and_never_shows_it() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        insta::assert_snapshot!(error("{secret"), @"it is not JSON");
        insta::assert_snapshot!(error(r#""secret""#), @"it is not an object");
        insta::assert_snapshot!(error(r#"{"name": "a", "ports": [1, "secret"]}"#), @"`ports[1]` is not what it should be");
        insta::assert_snapshot!(error(r#"{"ports": []}"#), @"`name` is missing");
        let long = format!(r#"{{"name": "a", "ports": {}1{}}}"#, "[".repeat(40), "]".repeat(40));
        assert!(error(&long).len() < 150);
    }

    #[test]
    fn a_setting_is_sorted_and_has_the_id_among_its_fields() {
        let fields = RequestFields::of(&Job { name: "ü".to_owned(), ports: vec![80] }).unwrap();
        let id = "z".parse().unwrap();
        let text = fields.with_id(&id).to_string();
        assert_eq!(text, r#"{"name": "\u00fc", "ports": [80], "request_id": "z"}"#);
        let mut fields = RequestFields::read(&text).unwrap().unwrap();
        assert_eq!(fields.take_id().unwrap(), Some(id));
        assert_eq!(fields.to_string(), r#"{"name": "\u00fc", "ports": [80]}"#);
    }

    #[test]
    fn what_is_no_struct_is_refused() {
        let error = RequestFields::of(&[1]).err().unwrap().to_string();
        insta::assert_snapshot!(error, @"cannot write JSON: it must be a struct or a map");
    }

    #[test]
    fn a_text_of_another_program_is_escaped_and_shortened() {
        assert_eq!(shortened("a\n"), r"a\n");
        assert_eq!(shortened(&"ä".repeat(81)), format!("{}…", "ä".repeat(80)));
    }
}
