use super::{Arguments, Call, Failure, Flag, Output};
use crate::agent::HookContext;
use crate::go;
use crate::log_line::LogLevel;

const SOURCE: &str = "juju-log";

/// Runs `juju-log`.
pub(super) fn run(context: &mut HookContext<'_>, call: &Call<'_>) -> Result<Output, Failure> {
    let flags =
        [Flag::switch(&["debug"]), Flag::value(&["log-level", "l"]), Flag::value(&["format"])];
    let arguments = Arguments::parse(call.args, &flags)?;
    if arguments.positional().is_empty() {
        return Err(Failure::usage("no message specified"));
    }
    let level = match arguments.value("log-level") {
        _ if arguments.has("debug") => LogLevel::Debug,
        None => LogLevel::Info,
        Some(name) => LogLevel::read(name).unwrap_or_else(|| {
            let complaint = format!("Specified log level of {} is not valid", go::quote(name));
            context.log(LogLevel::Warning, SOURCE, complaint);
            LogLevel::Info
        }),
    };
    let mut message = arguments.positional().join(" ");
    if let Some(relation) = context.hook_relation() {
        message = format!("{relation}: {message}");
    }
    context.log(level, SOURCE, message);
    Ok(format_complaint(call, &arguments))
}

/// What tools without output say about `--format`.
pub(super) fn format_complaint(call: &Call<'_>, arguments: &Arguments) -> Output {
    match arguments.value("format") {
        Some(format) if !format.is_empty() => Output::complaint(&format!(
            "--format flag deprecated for command {}",
            go::quote(call.tool)
        )),
        _ => Output::none(),
    }
}
