//! Making, changing and removing secrets.

use jiff::Timestamp;
use juju_types::SecretId;

use super::{Arguments, Call, Failure, Flag, Output, secret_content};
use crate::agent::HookContext;
use crate::go;
use crate::model::{Party, RotatePolicy, SecretSpec, later};

/// Runs `secret-add`.
pub(super) fn add(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = parse(call)?;
    let file = arguments.value("file").filter(|file| !file.is_empty());
    if arguments.positional().is_empty() && file.is_none() {
        return Err(Failure::usage("missing secret value or filename"));
    }
    let spec = spec(context, &arguments, arguments.positional())?;
    let owner = match arguments.value("owner").unwrap_or("application") {
        "application" => Party::Application(context.unit_name.application().clone()),
        "unit" => Party::Unit(context.unit_name.clone()),
        other => {
            let other = go::quote(other);
            return Err(Failure::usage(format!("secret owner {other} not valid")));
        }
    };
    if spec.content.is_none() {
        return Err(Failure::failed("empty secret value not valid"));
    }
    if matches!(owner, Party::Application(_)) && !context.is_leader() {
        return Err(Failure::failed("this unit is not the leader"));
    }
    let id = context.add_secret(owner, &spec).map_err(|label| {
        Failure::failed(format!("secret with label {} already exists", go::quote(&label)))
    })?;
    let uri = format!("secret://{}/{id}\n", context.model.uuid);
    Ok(Output { stdout: uri.into_bytes(), ..Output::none() })
}

/// Runs `secret-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = parse(call)?;
    let id = named(&arguments)?;
    let spec = spec(context, &arguments, &arguments.positional()[1..])?;
    context.update_secret(id.id(), spec);
    Ok(Output::none())
}

/// Runs `secret-remove`.
pub(super) fn remove(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |text: &str| match text.parse::<i64>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("strconv.ParseInt: parsing {}: invalid syntax", go::quote(text))),
    };
    let arguments = Arguments::parse(call.args, &[Flag::checked(&["revision"], &check)])?;
    let id = named(&arguments)?;
    arguments.at_most(1)?;
    // Zero and less mean all of them.
    let revision = arguments.value("revision").and_then(|text| text.parse().ok());
    context.remove_secret(id.id(), revision.filter(|revision| *revision > 0));
    Ok(Output::none())
}

/// Returns the secret that the first argument names.
pub(super) fn named(arguments: &Arguments) -> Result<SecretId, Failure> {
    let uri = arguments.positional().first();
    parse_uri(uri.ok_or_else(|| Failure::usage("missing secret URI"))?)
}

pub(super) fn parse_uri(uri: &str) -> Result<SecretId, Failure> {
    uri.parse().map_err(|_| Failure::usage(format!("secret URI {} not valid", go::quote(uri))))
}

fn parse(call: &Call<'_>) -> Result<Arguments, Failure> {
    let flags = [
        Flag::value(&["description"]),
        Flag::value(&["expire"]),
        Flag::value(&["file"]),
        Flag::value(&["label"]),
        Flag::value(&["owner"]),
        Flag::value(&["rotate"]),
    ];
    Arguments::parse(call.args, &flags)
}

/// Reads what secret-add and secret-set have in common.
fn spec(
    context: &HookContext<'_>,
    arguments: &Arguments,
    entries: &[String],
) -> Result<SecretSpec, Failure> {
    let given = |name: &str| arguments.value(name).filter(|value| !value.is_empty());
    let values = secret_content::read(entries, given("file"), &context.model.version)?;
    let rotate = given("rotate").map(|name| {
        let policy = name.parse::<RotatePolicy>();
        policy.map_err(|()| Failure::usage(format!("rotate policy {} not valid", go::quote(name))))
    });
    Ok(SecretSpec {
        label: given("label").map(str::to_owned),
        description: given("description").map(str::to_owned),
        rotate: rotate.transpose()?,
        expire: given("expire").map(|text| expiry(text, context.model.now)).transpose()?,
        content: Some(values).filter(|values| !values.is_empty()),
    })
}

/// Reads a point in time, or how far away it is.
fn expiry(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let quoted = go::quote(text);
    let is_negative = text.strip_prefix('-').and_then(go::parse_duration).is_some();
    let distance = go::parse_duration(text);
    if is_negative || distance.is_some_and(|distance| distance.is_zero()) {
        return Err(Failure::usage(format!("negative expire duration {quoted} not valid")));
    }
    let time = text.parse::<Timestamp>().or_else(|_| format!("{text}Z").parse());
    let time = time.ok().or_else(|| distance.map(|distance| later(now, distance)));
    time.ok_or_else(|| Failure::usage(format!("expire time or duration {quoted} not valid")))
}
