use juju_types::StatusKind;

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Format, Output};
use crate::agent::HookContext;
use crate::go::{self, Value};
use crate::status_text::StatusText;

const FLAGS: OutputFlags = OutputFlags::SMART;
const NOT_LEADER: &str = "this unit is not the leader";

/// Runs `status-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let flags = vec![Flag::switch(&["include-data"]), Flag::switch(&["application"])];
    let arguments = FLAGS.parse(call, flags)?;
    arguments.at_most(0)?;
    let with_data = arguments.has("include-data");
    let only_word = !with_data && FLAGS.format(&arguments) == Format::Smart;
    let value = if arguments.has("application") {
        if !context.is_leader() {
            return Err(Failure::failed(format!("finding application status: {NOT_LEADER}")));
        }
        application_status(context, with_data, only_word)
    } else {
        let status = context.read_status();
        if only_word {
            status.text.value.as_str().into()
        } else {
            Value::Map(details(&status.text, with_data))
        }
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `status-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[Flag::switch(&["application"])])?;
    let [kind, message @ ..] = arguments.positional() else {
        return Err(Failure::usage("invalid args, require <status> [message]"));
    };
    let kind: StatusKind = kind.parse().map_err(|_| {
        let kind = go::quote(kind);
        let expected = "[maintenance blocked waiting active]";
        Failure::usage(format!("invalid status {kind}, expected one of {expected}"))
    })?;
    arguments.at_most(2)?;
    let message = message.first().map_or("", String::as_str);
    if !arguments.has("application") {
        context.set_status(kind, message);
    } else if context.is_leader() {
        context.set_application_status(kind, message);
    } else {
        return Err(Failure::failed(NOT_LEADER));
    }
    Ok(Output::none())
}

fn application_status(context: &HookContext<'_>, with_data: bool, only_word: bool) -> Value {
    let status = context.model.application_status(context.unit_name.application());
    if only_word {
        return status.value.as_str().into();
    }
    let mut entries = details(&status, with_data);
    let units = context.model.units_of(context.unit_name.application());
    let units = units
        .map(|unit| (unit.name.to_string(), Value::Map(details(&unit.workload.text, with_data))));
    entries.push(("units".to_owned(), Value::Map(units.collect())));
    Value::fields([("application-status", Value::Map(entries))])
}

fn details(status: &StatusText, with_data: bool) -> Vec<(String, Value)> {
    let word = ("status".to_owned(), status.value.as_str().into());
    if !with_data {
        return vec![word];
    }
    vec![
        ("message".to_owned(), status.message.as_str().into()),
        word,
        ("status-data".to_owned(), Value::Map(Vec::new())),
    ]
}
