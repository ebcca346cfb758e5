use std::collections::BTreeMap;

use jiff::Timestamp;
use juju_types::{ApplicationName, StatusValue};

use super::output::OutputFlags;
use super::{Call, Failure, Format, Output};
use crate::agent::HookContext;
use crate::go::Value;
use crate::model::{Life, StatusRecord};

const FLAGS: OutputFlags = OutputFlags::YAML;

/// Runs `goal-state`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    arguments.at_most(0)?;
    let stated = context.unit().stated_goal.clone();
    let value = match stated {
        Some(stated) => stated_goal(&stated),
        None => units_goal(context, FLAGS.format(&arguments) == Format::Json),
    };
    FLAGS.print(call, &arguments, &value)
}

/// Works out the goal from the model: the units of the unit's own application,
/// and for each endpoint what is at the other end. Peer relations are left out.
fn units_goal(context: &HookContext<'_>, is_json: bool) -> Value {
    let own = context.unit_name.application();
    let mut relations: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for relation in context.model.relations.values().filter(|relation| !relation.is_peer()) {
        if let Some(endpoint) = relation.endpoint_of(own) {
            let remote = relation.remote_application(own);
            let related = relations.entry(endpoint.to_string()).or_default();
            related.push((remote.to_string(), goal(&relation.status)));
            related.extend(units_of(context, remote));
        }
    }
    let in_order = |mut entries: Vec<(String, Value)>| {
        // Go's JSON sorts keys as texts, its YAML by their numbers.
        if is_json {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        Value::Map(entries)
    };
    let relations = relations.into_iter().map(|(endpoint, related)| (endpoint, in_order(related)));
    Value::fields([
        ("units", in_order(units_of(context, own).collect())),
        ("relations", Value::Map(relations.collect())),
    ])
}

/// Returns the units of an application, without the subordinates of other
/// principals.
fn units_of<'a>(
    context: &'a HookContext<'_>,
    application: &'a ApplicationName,
) -> impl Iterator<Item = (String, Value)> {
    let principal = context.unit().principal.as_ref().unwrap_or(&context.unit_name);
    let units = context.model.units_of(application);
    let units =
        units.filter(move |unit| unit.principal.as_ref().is_none_or(|beside| beside == principal));
    units.map(|unit| {
        let mut status = unit.shown_record();
        if unit.life == Life::Dying {
            status.text.value = StatusValue::from("dying");
        }
        (unit.name.to_string(), goal(&status))
    })
}

fn goal(status: &StatusRecord) -> Value {
    Value::fields([("status", status.text.value.as_str().into()), ("since", since(status.since))])
}

/// Brings a goal that was stated as a whole into the order of Juju's fields.
fn stated_goal(goal: &serde_json::Value) -> Value {
    let part = |name: &str| goal.get(name).and_then(serde_json::Value::as_object);
    let statuses = |statuses: &serde_json::Map<String, serde_json::Value>| {
        let status =
            |(name, status): (&String, &serde_json::Value)| (name.clone(), stated_status(status));
        Value::Map(statuses.iter().map(status).collect())
    };
    let relations = part("relations").into_iter().flatten().map(|(endpoint, related)| {
        (endpoint.clone(), related.as_object().map_or(Value::Null, statuses))
    });
    Value::fields([
        ("units", part("units").map_or(Value::Map(Vec::new()), statuses)),
        ("relations", Value::Map(relations.collect())),
    ])
}

fn stated_status(status: &serde_json::Value) -> Value {
    let text = |name: &str| status.get(name).and_then(serde_json::Value::as_str);
    let mut fields = vec![("status".to_owned(), text("status").unwrap_or_default().into())];
    if let Some(time) = text("since") {
        let time = time.parse().map_or_else(|_| time.into(), since);
        fields.push(("since".to_owned(), time));
    }
    Value::Map(fields)
}

fn since(time: Timestamp) -> Value {
    time.strftime("%Y-%m-%d %H:%M:%SZ").to_string().into()
}
