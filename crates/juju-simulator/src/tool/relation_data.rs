use std::collections::BTreeMap;

use juju_types::{ApplicationName, Event, UnitName};

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Output, key_values, relation, string_map};
use crate::agent::{HookContext, Publisher};
use crate::go::{self, Value};
use crate::model::Relation;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `relation-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| relation::check(context, id);
    let flags = vec![Flag::checked(&["relation", "r"], &check), Flag::switch(&["app"])];
    let arguments = FLAGS.parse(call, flags)?;
    let number = relation::chosen(context, &arguments)?.id;
    let [key, named] = [0, 1].map(|index| arguments.positional().get(index).cloned());
    let source = Source::choose(context, named.as_deref(), arguments.has("app"))?;
    arguments.at_most(2)?;

    // A no would hold for the whole hook, so it is asked for only if it matters.
    let is_leader = arguments.has("app") && context.is_leader();
    let relation = &context.model.relations[&number];
    let settings = source.read(context, relation, is_leader)?;
    let value = match key.filter(|key| key != "-" && !key.is_empty()) {
        Some(key) => settings.get(&key).map_or(Value::Null, |value| value.as_str().into()),
        None => Value::texts(&settings),
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `relation-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |id: &str| relation::check(context, id);
    let flags = [
        Flag::checked(&["relation", "r"], &check),
        Flag::switch(&["app"]),
        Flag::value(&["file"]),
        Flag::value(&["format"]),
    ];
    let arguments = Arguments::parse(call.args, &flags)?;
    let number = relation::chosen(context, &arguments)?.id;
    let overriding = key_values::parse(arguments.positional())?;
    let mut settings = match arguments.value("file").filter(|file| !file.is_empty()) {
        Some(file) => string_map::parse(&call.read(file)?)?,
        None => BTreeMap::new(),
    };
    settings.extend(overriding);
    let publisher = if arguments.has("app") { Publisher::Application } else { Publisher::Unit };
    if publisher == Publisher::Application && !context.is_leader() {
        return Err(Failure::failed("cannot write relation settings"));
    }
    context.publish(number, publisher, settings);
    Ok(Output::none())
}

/// Whose settings are read.
enum Source {
    Application(ApplicationName),
    Unit(UnitName),
}

impl Source {
    /// Takes what is named; otherwise what the hook is about.
    fn choose(
        context: &HookContext<'_>,
        named: Option<&str>,
        is_application: bool,
    ) -> Result<Self, Failure> {
        let (remote_unit, remote_application) = remotes(context);
        match named {
            Some(name) if is_application => {
                let unit = name.parse::<UnitName>().map(|unit| unit.application().clone());
                let application = unit.or_else(|_| name.parse());
                let application = application.map(Self::Application);
                let name = go::quote(name);
                application.map_err(|_| Failure::usage(format!("invalid application name {name}")))
            }
            Some(name) => name.parse().map(Self::Unit).map_err(|_| {
                let quoted = go::quote(name);
                Failure::usage(match name.parse::<ApplicationName>() {
                    Ok(_) if !name.contains('_') => {
                        format!("expected unit name, got application name {quoted}")
                    }
                    _ => format!("invalid unit name {quoted}"),
                })
            }),
            None => {
                let unit = remote_unit.filter(|_| !is_application).map(Self::Unit);
                let source = unit.or(remote_application.map(Self::Application));
                source.ok_or_else(|| Failure::usage("no unit or application specified"))
            }
        }
    }

    fn read(
        &self,
        context: &HookContext<'_>,
        relation: &Relation,
        is_leader: bool,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let denied = || Failure::failed("permission denied");
        let own = context.unit_name.application();
        let remote = relation.remote_application(own);
        match self {
            Self::Application(name) if name == own && !(is_leader || relation.is_peer()) => {
                Err(denied())
            }
            Self::Application(name) if name == own || name == remote => {
                Ok(context.application_settings(relation, name))
            }
            Self::Unit(name) if *name == context.unit_name || name.application() == remote => {
                let settings = context.unit_settings(relation, name);
                settings.ok_or_else(|| not_found(name, relation))
            }
            Self::Application(_) | Self::Unit(_) => Err(denied()),
        }
    }
}

fn not_found(unit: &UnitName, relation: &Relation) -> Failure {
    let (unit, key) = (go::quote(&unit.to_string()), go::quote(&relation.key()));
    Failure::failed(format!(
        "cannot read settings for unit {unit} in relation {key}: unit {unit}: settings not found"
    ))
}

/// Returns the remote unit and the remote application of the hook.
fn remotes(context: &HookContext<'_>) -> (Option<UnitName>, Option<ApplicationName>) {
    if let Some(relation) = &context.command_relation {
        return (relation.remote_unit.clone(), None);
    }
    let Some(event) = context.event() else { return (None, None) };
    let unit = match event {
        Event::RelationChanged { unit, .. } => unit.clone(),
        Event::RelationDeparted { unit, .. } | Event::RelationJoined { unit, .. } => {
            Some(unit.clone())
        }
        _ => None,
    };
    (unit, event.relation().and_then(|relation| relation.application.clone()))
}
