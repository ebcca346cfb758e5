//! Plays the programs of Juju that charms call. The link by which it is run
//! says which: a hook tool such as `config-get`, or `juju-exec`.

mod exec_arguments;
mod hook_tool;
mod juju_exec;

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use juju_agent_rpc::Response;

#[expect(clippy::disallowed_methods, reason = "this is the entry of a program")]
fn main() -> ExitCode {
    let mut arguments = env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let program = arguments.next().unwrap_or_default();
    let program = Path::new(&program);
    let arguments = arguments.collect();
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let ran = match (&*name, program.parent()) {
        ("juju-exec" | "juju-run", Some(machine)) => juju_exec::run(&name, machine, arguments),
        _ => hook_tool::run(&name, arguments).map_err(Failure::Run),
    };
    match ran {
        Ok(response) => print(&response),
        Err(Failure::Usage(text)) => complain(&text, 2),
        Err(Failure::Run(text)) => complain(&text, 1),
    }
}

/// Why nothing can be printed; the texts are Juju's.
#[derive(Debug, Eq, PartialEq)]
enum Failure {
    /// It was tried, and has failed.
    Run(String),
    /// The arguments make no sense.
    Usage(String),
}

fn print(response: &Response) -> ExitCode {
    // As with the real programs, a reader who has gone away is no failure.
    let _ = io::stdout().write_all(&response.stdout);
    let _ = io::stderr().write_all(&response.stderr);
    u8::try_from(response.code).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn complain(text: &str, code: u8) -> ExitCode {
    // There is nobody left to tell if this fails.
    let _ = writeln!(io::stderr(), "ERROR {text}");
    ExitCode::from(code)
}

/// Returns a variable; one that is empty counts as not set.
fn variable(name: &str) -> Option<String> {
    let value = env::var_os(name).filter(|value| !value.is_empty())?;
    Some(value.to_string_lossy().into_owned())
}

/// Writes an error and what caused it on one line.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
