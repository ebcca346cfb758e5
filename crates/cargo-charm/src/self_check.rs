//! Has a charm's program compare itself with the charm's YAML.

use std::{io, path::Path, process::Output};

use crate::{CharmCrate, PackError, cargo::charm_program};

/// What a program answers first that can compare itself with YAML files. It is
/// looked for in the program before that is started: another one could take the
/// arguments for nothing, and do here what it is to do on a unit.
const ANSWER: &str = "charmwright: answer of check-charm, version 1";

/// The exit code of a program that was started outside of a hook, or with
/// arguments that it does not know.
const USAGE: i32 = 2;

/// Runs `PROGRAM check-charm FOLDER`, if the program knows that, and tells
/// whether it does.
pub(crate) fn self_check(
    charm: &CharmCrate,
    program: &Path,
    bytes: &[u8],
) -> Result<bool, PackError> {
    if !bytes.windows(ANSWER.len()).any(|part| part == ANSWER.as_bytes()) {
        return Ok(false);
    }
    let failed = |why: String, source: Option<io::Error>| PackError::SelfCheck {
        program: program.to_owned(),
        why,
        source,
    };
    let output = charm_program(program).arg("check-charm").arg(charm.folder()).output();
    let output = output.map_err(|error| failed("it cannot be started".to_owned(), Some(error)))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let Some(answer) = stdout.strip_prefix(ANSWER) else {
        return match output.status.code() {
            Some(0 | USAGE) => Ok(false),
            _ => Err(failed(why(&output), None)),
        };
    };
    let faults: Vec<String> = answer.lines().skip(1).map(str::to_owned).collect();
    match output.status.code() {
        Some(0) if faults.is_empty() => Ok(true),
        Some(1) if !faults.is_empty() => {
            Err(PackError::Unfit { charm: charm.name().to_owned(), faults })
        }
        _ => Err(failed(why(&output), None)),
    }
}

fn why(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    match stderr.trim() {
        "" => output.status.to_string(),
        stderr => format!("{}: {stderr}", output.status),
    }
}
