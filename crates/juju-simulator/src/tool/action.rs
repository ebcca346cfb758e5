use serde_json::{Map, Value};

use super::output::OutputFlags;
use super::{Arguments, Call, Failure, Output};
use crate::agent::{ActionData, HookContext};
use crate::go;

const FLAGS: OutputFlags = OutputFlags::SMART;

/// The keys that the agent itself fills in.
const RESERVED: [&str; 4] = ["stdout", "stdout-encoding", "stderr", "stderr-encoding"];

/// Runs `action-get`.
pub(super) fn get(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = FLAGS.parse(call, Vec::new())?;
    let path = arguments.at_most(1)?.first();
    let params = Value::Object(data(context)?.params.clone());
    let value = match path {
        None => Some(&params),
        Some(path) => path.split('.').try_fold(&params, |value, key| value.get(key)),
    };
    FLAGS.print(call, &arguments, &value.unwrap_or(&Value::Null).into())
}

/// Runs `action-set`.
pub(super) fn set(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    let mut entries = Vec::new();
    for argument in arguments.positional() {
        let (path, value) = argument.split_once('=').ok_or_else(|| {
            let argument = go::quote(argument);
            Failure::usage(format!("argument {argument} must be of the form key...=value"))
        })?;
        let path: Vec<&str> = path.split('.').collect();
        for key in &path {
            check_key(key)?;
        }
        entries.push((path, value));
    }
    let data = data(context)?;
    for (path, value) in entries {
        insert(&mut data.results, &path, value);
    }
    Ok(Output::none())
}

/// Runs `action-fail`.
pub(super) fn fail(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    let default = "action failed without reason given, check action for errors";
    let message = arguments.at_most(1)?.first().map_or(default, String::as_str);
    data(context)?.failure = Some(message.to_owned());
    Ok(Output::none())
}

/// Runs `action-log`.
pub(super) fn log(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let arguments = Arguments::parse(call.args, &[])?;
    if arguments.positional().is_empty() {
        return Err(Failure::usage("no message specified"));
    }
    let message = arguments.positional().join(" ");
    data(context)?.log.push(message);
    Ok(Output::none())
}

fn data<'c>(context: &'c mut HookContext<'_>) -> Result<&'c mut ActionData, Failure> {
    context.action.as_mut().ok_or_else(|| Failure::failed("not running an action"))
}

fn check_key(key: &str) -> Result<(), Failure> {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = key.starts_with(is_alphanumeric)
        && key.ends_with(is_alphanumeric)
        && key.chars().all(|c| is_alphanumeric(c) || c == '-');
    let quoted = go::quote(key);
    if !fits {
        return Err(Failure::usage(format!(
            "key {quoted} must start and end with lowercase alphanumeric, \
             and contain only lowercase alphanumeric and hyphens"
        )));
    }
    if RESERVED.contains(&key) {
        return Err(Failure::usage(format!("cannot set reserved action key {quoted}")));
    }
    Ok(())
}

/// Sets a value in a tree of maps; what is in the way is replaced.
fn insert(tree: &mut Map<String, Value>, path: &[&str], value: &str) {
    match path {
        [] => {}
        [key] => {
            tree.insert((*key).to_owned(), value.into());
        }
        [key, rest @ ..] => {
            let branch = tree.entry(*key).or_insert(Value::Null);
            if !branch.is_object() {
                *branch = Value::Object(Map::new());
            }
            if let Value::Object(branch) = branch {
                insert(branch, rest, value);
            }
        }
    }
}
