use std::collections::BTreeMap;

use jiff::Timestamp;

use super::output::OutputFlags;
use super::{Call, Failure, Output};
use crate::agent::HookContext;
use crate::go::Value;
use crate::model::Relation;

const FLAGS: OutputFlags = OutputFlags::YAML;

/// Runs `goal-state`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    arguments.at_most(0)?;
    let stated = context.unit().stated_goal.clone();
    let value = stated.map_or_else(|| units_goal(context), |stated| stated_goal(&stated));
    FLAGS.print(call, &arguments, &value)
}

/// Works out the goal from the model: the units of the unit's own application,
/// and for each endpoint what is at the other end.
fn units_goal(context: &HookContext<'_>) -> Value {
    let units = context.model.units_of(context.unit_name.application()).map(|unit| {
        let status = &unit.workload;
        let goal = [("status", status.text.value.as_str().into()), ("since", since(status.since))];
        (unit.name.to_string(), Value::fields(goal))
    });
    let mut relations: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for relation in context.model.relations.values().filter(|relation| !relation.is_peer()) {
        if let Some(endpoint) = relation.endpoint_of(context.unit_name.application()) {
            let related = relations.entry(endpoint.to_string()).or_default();
            related.extend(related_goal(context, relation));
            related.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
    }
    let relations =
        relations.into_iter().map(|(endpoint, related)| (endpoint, Value::Map(related)));
    Value::fields([
        ("units", Value::Map(units.collect())),
        ("relations", Value::Map(relations.collect())),
    ])
}

fn related_goal(context: &HookContext<'_>, relation: &Relation) -> Vec<(String, Value)> {
    let model = &context.model;
    let remote = relation.remote_application(context.unit_name.application());
    let goal = |status: &str, at: Timestamp| {
        Value::fields([("status", status.into()), ("since", since(at))])
    };
    let units = model.units_of(remote).map(|unit| {
        let status = &unit.workload;
        (unit.name.to_string(), goal(status.text.value.as_str(), status.since))
    });
    [(remote.to_string(), goal("joined", model.now))].into_iter().chain(units).collect()
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
