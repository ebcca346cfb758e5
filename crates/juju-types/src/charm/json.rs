//! YAML that stands for JSON, as the parameters of actions do.

use serde_json::{Map, Number, Value};

use crate::charm::spot::Spot;
use crate::yaml::{self, Resolved};

/// Reads a JSON value in which Juju allows no references.
pub(super) fn read_json(spot: &Spot<'_>) -> Option<Value> {
    match &spot.node().value {
        yaml::Value::Mapping(_) => read_object(spot).map(Value::Object),
        yaml::Value::Sequence(_) => {
            // All of them first, so that every fault is reported.
            let items: Vec<_> = spot.items().iter().map(read_json).collect();
            items.into_iter().collect::<Option<_>>().map(Value::Array)
        }
        yaml::Value::Scalar(scalar) => match scalar.resolve() {
            Resolved::Boolean(boolean) => Some(Value::Bool(boolean)),
            Resolved::Float(float) => match Number::from_f64(float) {
                Some(number) => Some(Value::Number(number)),
                None => spot.expected("a number that JSON knows"),
            },
            Resolved::Int(number) => Some(Value::from(number)),
            Resolved::LargeInt(number) => Some(Value::from(number)),
            Resolved::Null => Some(Value::Null),
            Resolved::Text(text) => Some(Value::from(text)),
        },
    }
}

/// Reads a JSON object in which Juju allows no references.
pub(super) fn read_object(spot: &Spot<'_>) -> Option<Map<String, Value>> {
    let fields = spot.fields()?;
    let entries: Vec<_> = fields
        .iter()
        .map(|(key, spot)| {
            if matches!(key, "$ref" | "$schema") {
                spot.fault(format_args!("Juju refuses the key `{key}`"));
            }
            Some((key.to_owned(), read_json(&spot)?))
        })
        .collect();
    entries.into_iter().collect()
}
