use std::fmt;

use serde_json::{Value, json};

use crate::operation::Operation;

/// What has run in a model, in order: when, what and why, how long it took,
/// which hook tools were called with which data, and what was flushed.
///
/// As text, one thing that ran stands below the other:
///
/// ```
/// use juju_simulator::Simulator;
/// # use juju_types::CharmFiles;
/// # let charm = CharmFiles::read(|name| {
/// #     let metadata = "{name: web, summary: s, description: d}";
/// #     Ok::<_, ()>((name == "metadata.yaml").then(|| metadata.to_owned()))
/// # }).unwrap();
///
/// let mut juju = Simulator::new();
/// juju.deploy_in_process(&charm, "web", |_variables| 0)?;
/// juju.run_until_idle()?;
/// juju.remove_unit("web/0")?;
/// juju.run_until_idle()?;
///
/// let lines: Vec<String> = juju.timeline().to_string().lines().map(str::to_owned).collect();
/// assert_eq!(lines[0], "0:00:00 web/0 install (unit added)");
/// assert!(lines.contains(&"0:00:00 web/0 stop (unit removed)".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The text is the same in every run: it leaves out how long things took by the
/// wall clock, which is in [`to_json`](Self::to_json). Values of secrets are in
/// neither.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a>(&'a [Operation]);

impl<'a> Timeline<'a> {
    pub(crate) fn of(operations: &'a [Operation]) -> Self {
        Self(operations)
    }

    /// Returns all as JSON: a list with an object for each thing that ran.
    ///
    /// `at_seconds` is by the virtual clock, `took_seconds` by the wall clock.
    pub fn to_json(&self) -> Value {
        self.0.iter().map(operation).collect()
    }
}

impl fmt::Display for Timeline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for operation in self.0 {
            let at = operation.at.as_secs();
            let (hours, minutes, seconds) = (at / 3600, at / 60 % 60, at % 60);
            write!(f, "{hours}:{minutes:02}:{seconds:02} ")?;
            operation.write_head(f)?;
            writeln!(f)?;
            operation.write_body(f, true)?;
        }
        Ok(())
    }
}

fn operation(operation: &Operation) -> Value {
    let texts = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>();
    let calls = operation.calls.iter().map(|call| {
        json!({
            "tool": call.tool,
            "args": call.args,
            "stdin": call.input,
            "code": call.code,
            "stdout": call.output,
            "stderr": call.stderr,
        })
    });
    json!({
        "at_seconds": operation.at.as_secs_f64(),
        "took_seconds": operation.duration.as_secs_f64(),
        "unit": operation.unit,
        "ran": operation.kind.to_string(),
        "cause": operation.cause,
        "exit": operation.exit.to_string(),
        "succeeded": operation.exit.is_success(),
        "calls": calls.collect::<Vec<_>>(),
        "changes": texts(&mut operation.changes.iter().map(ToString::to_string)),
        "log": texts(&mut operation.log.iter().map(ToString::to_string)),
        "faults": texts(&mut operation.faults.iter().map(ToString::to_string)),
    })
}
