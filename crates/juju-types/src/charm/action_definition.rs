//! What `actions.yaml` says of an action.

use serde_json::{Map, Value};

use crate::charm::json::{read_json, read_object};
use crate::charm::param::check_param;
use crate::charm::spot::Spot;
use crate::yaml::{self, Resolved};

/// An action that users can run, as `actions.yaml` defines it.
///
/// Together `params`, `required`, `additional_properties` and `other` make the
/// JSON Schema (draft 4) of an object, against which Juju checks the
/// parameters before it runs the action.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ActionDefinition {
    /// Whether parameters may be given that `params` does not name. `None`
    /// means yes up to Juju 3 and no from Juju 4 on.
    pub additional_properties: Option<bool>,
    /// What it does.
    pub description: Option<String>,
    /// Actions of one group wait for each other, also if they are parallel.
    pub execution_group: Option<String>,
    /// All other keys: more of the JSON Schema.
    pub other: Map<String, Value>,
    /// Whether it may run while another action does.
    pub parallel: bool,
    /// The parameters, a JSON Schema for each.
    pub params: Map<String, Value>,
    /// The parameters that must be given.
    pub required: Vec<String>,
    /// What it is called where people read it.
    pub title: Option<String>,
}

impl ActionDefinition {
    pub(super) fn read(spot: &Spot<'_>) -> Option<Self> {
        let mut action = Self::default();
        // A name alone defines an action without parameters.
        if spot.is_null() {
            return Some(action);
        }
        let fields = spot.fields()?;
        for (key, spot) in fields.iter() {
            action.read_key(key, &spot);
        }

        let params = fields.get("params");
        if let Some(params) = &params
            && !action.params.is_empty()
            && fields.get("additionalProperties").is_none()
        {
            params.warn(
                "Juju 3 lets other parameters through and Juju 4 refuses them; say which with \
                 `additionalProperties: true` or `false`",
            );
        }
        if let Some(required) = fields.get("required") {
            let strangers =
                action.required.iter().filter(|name| !action.params.contains_key(*name));
            for name in strangers {
                required.warn(format_args!("`params` has no parameter `{name}`"));
            }
        }
        Some(action)
    }

    fn read_key(&mut self, key: &str, spot: &Spot<'_>) {
        let text = || spot.text().map(str::to_owned);
        match key {
            "description" => self.description = text(),
            "execution-group" => self.execution_group = text(),
            "parallel" => self.parallel = read_strict_boolean(spot).unwrap_or(false),
            "params" => self.params = read_params(spot),
            "required" => self.required = read_required(spot),
            "title" => self.title = text(),
            "additionalProperties" if spot.is_scalar() => {
                self.additional_properties = read_strict_boolean(spot);
            }
            key => {
                if matches!(key, "$ref" | "$schema") {
                    spot.fault(format_args!("Juju refuses the key `{key}`"));
                }
                if let Some(value) = read_json(spot) {
                    self.other.insert(key.to_owned(), value);
                }
            }
        }
    }
}

fn read_params(spot: &Spot<'_>) -> Map<String, Value> {
    let Some(fields) = spot.fields() else { return Map::new() };
    fields.iter().for_each(|(_, param)| check_param(&param));
    read_object(spot).unwrap_or_default()
}

/// Reads the names of the required parameters; JSON Schema wants one at least,
/// and each only once.
fn read_required(spot: &Spot<'_>) -> Vec<String> {
    if let yaml::Value::Sequence(names) = &spot.node().value
        && names.is_empty()
    {
        spot.fault("name a parameter, or leave `required` out");
    }
    let names = spot.texts();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            spot.fault(format_args!("the parameter `{name}` is named twice"));
        }
    }
    names
}

/// Reads a boolean where Juju takes no text for one.
fn read_strict_boolean(spot: &Spot<'_>) -> Option<bool> {
    match spot.resolved() {
        Some(Resolved::Boolean(boolean)) => Some(boolean),
        _ => spot.expected("`true` or `false`"),
    }
}
