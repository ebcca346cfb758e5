use std::collections::BTreeSet;

use juju_types::{Event, RelationContext, RelationId};

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Output};
use crate::agent::HookContext;
use crate::go::Value;
use crate::model::Relation;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `relation-ids`.
pub(super) fn ids(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    let hook_endpoint = context.hook_relation().and_then(|relation| relation.endpoint().cloned());
    let named = arguments.positional().first().cloned();
    let endpoint = named
        .or_else(|| hook_endpoint.map(|endpoint| endpoint.to_string()))
        .ok_or_else(|| Failure::usage("no endpoint name specified"))?;
    arguments.at_most(1)?;
    let unit = &context.unit_name;
    let relations = context.model.relations_of(unit).filter(|relation| {
        relation.endpoint_of(unit.application()).is_some_and(|name| name.as_str() == endpoint)
            && !(context.model.version.hides_broken_relation() && is_broken(context, relation))
    });
    let mut ids: Vec<String> =
        relations.map(|relation| format!("{endpoint}:{}", relation.id)).collect();
    // Juju sorts them as texts: 10 before 2.
    ids.sort();
    FLAGS.print(call, &arguments, &ids.into_iter().collect())
}

/// Runs `relation-list`.
pub(super) fn list(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| self::check(context, id);
    let flags = vec![Flag::checked(&["relation", "r"], &check), Flag::switch(&["app"])];
    let arguments = FLAGS.parse(call, flags)?;
    let relation = chosen(context, &arguments)?;
    arguments.at_most(0)?;
    let value = if arguments.has("app") {
        relation.remote_application(context.unit_name.application()).as_str().into()
    } else {
        members(context, relation)
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `relation-model-get`.
pub(super) fn model_get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| self::check(context, id);
    let arguments = FLAGS.parse(call, vec![Flag::checked(&["relation", "r"], &check)])?;
    chosen(context, &arguments)?;
    arguments.at_most(0)?;
    // No relation leaves the model.
    let value = Value::fields([("uuid", context.model.uuid.to_string().into())]);
    FLAGS.print(call, &arguments, &value)
}

/// Returns the relation that the flag `relation` names, or that the hook is about.
pub(super) fn chosen<'a>(
    context: &'a HookContext<'_>,
    arguments: &Arguments,
) -> Result<&'a Relation, Failure> {
    let number = match arguments.value("relation") {
        Some(id) => number(id),
        None => context.hook_relation().as_ref().map(RelationId::number),
    };
    let relation = number.and_then(|number| find(context, number));
    relation.ok_or_else(|| Failure::usage("no relation id specified"))
}

/// Checks the value of a flag that names a relation.
pub(super) fn check(context: &HookContext<'_>, id: &str) -> Result<(), String> {
    let number = number(id).ok_or("invalid relation id")?;
    find(context, number).map(|_| ()).ok_or_else(|| "relation not found".to_owned())
}

fn find<'a>(context: &'a HookContext<'_>, number: u32) -> Option<&'a Relation> {
    context.model.relations_of(&context.unit_name).find(|relation| relation.id == number)
}

/// Reads a relation's id as Juju does: it passes over all up to the last `:`.
fn number(id: &str) -> Option<u32> {
    let number = id.rsplit_once(':').map_or(id, |(_, number)| number);
    number.parse().ok()
}

/// Tells whether the hook is the one that breaks the relation.
fn is_broken(context: &HookContext<'_>, relation: &Relation) -> bool {
    matches!(context.event(), Some(Event::RelationBroken(broken)) if broken.id.number() == relation.id)
}

/// Returns the members as the hook sees them: those that have joined, with the
/// one that joins now, and without one that departs.
fn members(context: &HookContext<'_>, relation: &Relation) -> Value {
    let known = context.unit().progress.relations.get(&relation.id);
    let joined = known.into_iter().flat_map(|known| known.members.keys());
    let mut names: BTreeSet<String> = joined.map(ToString::to_string).collect();
    let is_about = |about: &RelationContext| about.id.number() == relation.id;
    match context.event() {
        Some(Event::RelationBroken(about)) if is_about(about) => names.clear(),
        Some(Event::RelationDeparted { relation, unit, .. }) if is_about(relation) => {
            names.remove(&unit.to_string());
        }
        Some(
            Event::RelationJoined { relation, unit }
            | Event::RelationChanged { relation, unit: Some(unit) },
        ) if is_about(relation) => {
            names.insert(unit.to_string());
        }
        _ => {}
    }
    names.into_iter().collect()
}
