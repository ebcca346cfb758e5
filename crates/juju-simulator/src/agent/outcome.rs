use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use juju_types::{JujuVersion, UnitName};
use serde_json::{Map, Value};

use super::ActionData;
use super::run::Run;
use crate::action_outcome::{ActionOutcome, ActionStatus};
use crate::exec_outcome::ExecOutcome;
use crate::operation::Exit;

/// Says what came of an action, with the results that the agent adds itself.
pub(super) fn of_action(
    id: u32,
    data: ActionData,
    run: &Run,
    version: &JujuVersion,
    unit: &UnitName,
) -> ActionOutcome {
    let ActionData { mut results, failure, log, .. } = data;
    let exit = &run.operation.exit;
    let is_exec = run.operation.kind.is_exec();
    let failure = match exit {
        Exit::Code(0) => failure,
        Exit::Code(_) if is_exec => failure,
        Exit::Missing => Some(format!("action not implemented on unit \"{unit}\"")),
        Exit::Signal(signal) => Some(format!("signal: {}", signal_name(*signal))),
        Exit::TimeLimit(_) if is_exec => Some("command cancelled".to_owned()),
        Exit::TimeLimit(_) => Some("signal: killed".to_owned()),
        Exit::FlushFailed(reason) => Some(reason.clone()),
        Exit::Code(_) | Exit::NotStarted(_) | Exit::Rebooted => Some(exit.to_string()),
    };
    add_results(&mut results, run, &Keys::of(version));
    let status = if failure.is_some() { ActionStatus::Failed } else { ActionStatus::Completed };
    ActionOutcome { id, status, message: failure.unwrap_or_default(), results, log }
}

/// Says what came of what `juju-exec` has asked for. The error is the reason
/// why there is no answer.
pub(super) fn of_command(run: &Run) -> Result<ExecOutcome, String> {
    let code = match &run.operation.exit {
        Exit::Code(code) => *code,
        // The text is not run again after the reboot.
        Exit::Rebooted => 0,
        Exit::FlushFailed(reason) => return Err(reason.clone()),
        Exit::Signal(signal) => return Err(format!("signal: {}", signal_name(*signal))),
        exit @ (Exit::Missing | Exit::NotStarted(_) | Exit::TimeLimit(_)) => {
            return Err(exit.to_string());
        }
    };
    Ok(ExecOutcome { code, stdout: run.stdout.clone(), stderr: run.stderr.clone() })
}

/// How the agent names what it adds to the results.
struct Keys {
    code: &'static str,
    stdout: [&'static str; 2],
    stderr: [&'static str; 2],
    code_is_text: bool,
}

impl Keys {
    fn of(version: &JujuVersion) -> Self {
        if !version.has_lower_case_action_results() {
            return Self {
                code: "Code",
                stdout: ["Stdout", "StdoutEncoding"],
                stderr: ["Stderr", "StderrEncoding"],
                code_is_text: true,
            };
        }
        Self {
            code: "return-code",
            stdout: ["stdout", "stdout-encoding"],
            stderr: ["stderr", "stderr-encoding"],
            code_is_text: false,
        }
    }
}

fn add_results(results: &mut Map<String, Value>, run: &Run, keys: &Keys) {
    let code = match run.operation.exit {
        Exit::Code(code) => code,
        Exit::FlushFailed(_) => 1,
        Exit::Signal(_) | Exit::TimeLimit(_) if run.operation.kind.is_exec() => 0,
        // Go has no code for a process that a signal has ended.
        Exit::Signal(_) | Exit::TimeLimit(_) => -1,
        Exit::Missing | Exit::NotStarted(_) | Exit::Rebooted => return,
    };
    let code = if keys.code_is_text { code.to_string().into() } else { code.into() };
    results.insert(keys.code.to_owned(), code);
    let mut stderr = run.stderr.clone();
    if let Exit::FlushFailed(reason) = &run.operation.exit {
        stderr.extend(reason.bytes());
    }
    for (printed, [text, encoding]) in [(&run.stdout, keys.stdout), (&stderr, keys.stderr)] {
        if printed.is_empty() {
            continue;
        }
        if let Ok(printed) = str::from_utf8(printed) {
            results.insert(text.to_owned(), printed.into());
        } else {
            results.insert(text.to_owned(), BASE64_STANDARD.encode(printed).into());
            results.insert(encoding.to_owned(), "base64".into());
        }
    }
}

/// Names a signal as Go does, as far as charms are likely to meet it.
fn signal_name(signal: i32) -> String {
    match signal {
        1 => "hangup".to_owned(),
        2 => "interrupt".to_owned(),
        6 => "aborted".to_owned(),
        9 => "killed".to_owned(),
        11 => "segmentation fault".to_owned(),
        15 => "terminated".to_owned(),
        _ => format!("signal {signal}"),
    }
}
