//! The rules that the parameters of an action obey.

use juju_types::ActionDefinition;
use serde_json::{Map, Value};

use crate::go;

/// Checks parameters, an object or null, and fills in defaults. The error says
/// all that is wrong, in Juju's words.
///
/// `additional_by_default` tells whether parameters that the charm does not
/// declare pass unless it says otherwise: before Juju 4 they do.
pub(crate) fn complete(
    definition: &ActionDefinition,
    params: Value,
    additional_by_default: bool,
) -> Result<Map<String, Value>, String> {
    let mut params = match params {
        Value::Null => Map::new(),
        Value::Object(params) => params,
        other => {
            return Err(format!(
                "validation failed: (root) : must be of type object, {}",
                given(&other)
            ));
        }
    };
    let object = Object {
        properties: &definition.params,
        required: definition.required.iter().map(String::as_str).collect(),
        additional: definition.additional_properties.unwrap_or(additional_by_default),
    };
    let mut violations = Vec::new();
    object.check(&params, "(root)", &mut violations);
    if !violations.is_empty() {
        return Err(format!("validation failed: {}", violations.join("; ")));
    }
    fill_in_defaults(object.properties, &mut params);
    Ok(params)
}

/// The part of a JSON schema that says what is in an object.
struct Object<'a> {
    properties: &'a Map<String, Value>,
    required: Vec<&'a str>,
    additional: bool,
}

impl<'a> Object<'a> {
    /// Reads the schema of a nested object, if it has properties.
    fn nested(schema: &'a Value) -> Option<Self> {
        let properties = schema.get("properties")?.as_object()?;
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str).collect();
        let additional = schema.get("additionalProperties") != Some(&Value::Bool(false));
        Some(Self { properties, required, additional })
    }

    fn check(&self, params: &Map<String, Value>, place: &str, violations: &mut Vec<String>) {
        let given = || given(&Value::Object(params.clone()));
        for name in &self.required {
            if !params.contains_key(*name) {
                let name = go::quote(name);
                violations.push(format!(
                    "{place} : {name} property is missing and required, {}",
                    given()
                ));
            }
        }
        for name in
            params.keys().filter(|name| !self.additional && !self.properties.contains_key(*name))
        {
            let name = go::quote(name);
            violations
                .push(format!("{place} : additional property {name} is not allowed, {}", given()));
        }
        for (name, schema) in self.properties {
            let Some(value) = params.get(name) else { continue };
            let place = format!("{place}.{name}");
            if let Some(expected) = expected_type(schema, value) {
                violations
                    .push(format!("{place} : must be of type {expected}, {}", self::given(value)));
            } else if let (Some(object), Some(value)) = (Self::nested(schema), value.as_object()) {
                object.check(value, &place, violations);
            }
        }
    }
}

fn fill_in_defaults(properties: &Map<String, Value>, params: &mut Map<String, Value>) {
    for (name, schema) in properties {
        match (params.get_mut(name), Object::nested(schema)) {
            (Some(Value::Object(inner)), Some(object)) => {
                fill_in_defaults(object.properties, inner);
            }
            (Some(_), _) => {}
            (None, Some(object)) => {
                let mut inner = Map::new();
                fill_in_defaults(object.properties, &mut inner);
                if !inner.is_empty() {
                    params.insert(name.clone(), Value::Object(inner));
                }
            }
            (None, None) => {
                if let Some(default) = schema.get("default") {
                    params.insert(name.clone(), default.clone());
                }
            }
        }
    }
}

/// Returns the type that a value should have and has not.
fn expected_type(schema: &Value, value: &Value) -> Option<String> {
    let types: Vec<&str> = match schema.get("type")? {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = types.iter().any(|name| match *name {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => true,
    });
    (!fits).then(|| types.join(","))
}

fn given(value: &Value) -> String {
    format!("given {}", go::to_json(&value.into()))
}
