//! The schema of an action's parameter.

use crate::charm::spot::Spot;
use crate::yaml::Value;

/// Reports what JSON Schema draft 4 refuses in a parameter, as far as people
/// get it wrong: the types, and `required` as a boolean.
pub(super) fn check_param(spot: &Spot<'_>) {
    let Some(fields) = spot.fields() else { return };
    match fields.get("type") {
        Some(kind) if kind.is_scalar() => check_type(&kind),
        Some(kinds) => kinds.items().iter().for_each(check_type),
        None => {}
    }
    if let Some(required) = fields.get("required")
        && required.is_scalar()
    {
        required.fault("expected a list; list the parameter in `required` of the action instead");
    }
    // Parameters may be objects that have parameters.
    if let Some(properties) = fields.get("properties")
        && let Some(properties) = properties.fields()
    {
        properties.iter().for_each(|(_, param)| check_param(&param));
    }
    if let Some(items) = fields.get("items")
        && let Value::Mapping(_) = items.node().value
    {
        check_param(&items);
    }
}

fn check_type(spot: &Spot<'_>) {
    let types = ["array", "boolean", "integer", "null", "number", "object", "string"];
    if let Some(kind) = spot.text()
        && !types.contains(&kind)
    {
        spot.fault(format_args!(
            "invalid type `{kind}`: JSON Schema knows `array`, `boolean`, `integer`, `null`, \
             `number`, `object` and `string`"
        ));
    }
}
