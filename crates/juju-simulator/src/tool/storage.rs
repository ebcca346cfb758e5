use juju_types::{Event, StorageId, StorageName};

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Flag, Output};
use crate::agent::HookContext;
use crate::go::{self, Value};

const FLAGS: OutputFlags = OutputFlags::SMART;

/// Runs `storage-list`.
pub(super) fn list(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    let name = arguments.at_most(1)?.first();
    let is_meant = |id: &&StorageId| name.is_none_or(|name| id.name().as_str() == name);
    let ids = context.unit().storage.keys().filter(is_meant);
    let value: Value = ids.map(ToString::to_string).collect();
    FLAGS.print(call, &arguments, &value)
}

/// Runs `storage-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let check = |text: &str| {
        let id: Result<StorageId, _> = text.parse();
        let id = id.map_err(|_| format!("invalid storage ID {}", go::quote(text)))?;
        // What is not the unit's own is hidden from it.
        let found = context.unit().storage.contains_key(&id);
        if found { Ok(()) } else { Err("permission denied".to_owned()) }
    };
    let arguments = FLAGS.parse(call, vec![Flag::checked(&["s"], &check)])?;
    let named = arguments.value("s").and_then(|text| text.parse().ok());
    let id = named.or_else(|| hook_storage(context));
    let storage = id.and_then(|id| context.unit().storage.get(&id));
    let storage = storage.ok_or_else(|| Failure::usage("no storage instance specified"))?;
    let (kind, location) = (storage.kind.as_str(), storage.location.display().to_string());
    let value = match arguments.at_most(1)?.first().map_or("", String::as_str) {
        "" => Value::fields([("kind", kind.into()), ("location", location.into())]),
        "kind" => kind.into(),
        "location" => location.into(),
        other => {
            let other = go::quote(other);
            return Err(Failure::failed(format!("invalid storage attribute {other}")));
        }
    };
    FLAGS.print(call, &arguments, &value)
}

/// Runs `storage-add`.
pub(super) fn add(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    if arguments.positional().is_empty() {
        return Err(Failure::usage("storage add requires a storage directive"));
    }
    let read = |argument: &String| {
        let (name, count) = argument.split_once('=').unwrap_or((argument, "1"));
        let quoted = go::quote(name);
        let count = count.parse().ok().filter(|count| *count > 0);
        let count = count
            .ok_or_else(|| Failure::usage(format!("only count can be specified for {quoted}")))?;
        let name: Result<StorageName, _> = name.parse();
        let name = name.map_err(|_| Failure::usage(format!("storage name {quoted} not valid")))?;
        Ok((name, count))
    };
    let storage: Result<Vec<(StorageName, u32)>, Failure> =
        arguments.positional().iter().map(read).collect();
    context.add_storage(storage?);
    Ok(Output::none())
}

/// Returns the storage that the hook is about.
fn hook_storage(context: &HookContext<'_>) -> Option<StorageId> {
    match context.event()? {
        Event::StorageAttached(storage) | Event::StorageDetaching(storage) => storage.id.clone(),
        _ => None,
    }
}
