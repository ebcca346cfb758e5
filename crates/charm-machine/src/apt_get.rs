//! The program apt-get: how it is called, and what its refusals mean.

use std::time::Duration;

use crate::command::Command;
use crate::machine::Machine;
use crate::output::Output;
use crate::package_error::PackageError;

pub(crate) fn apt_get(verb: &str) -> Command {
    Command::new("apt-get")
        .args([verb, "--assume-yes", "--quiet"])
        .arg(format!("--option=DPkg::Lock::Timeout={}", LOCK_WAIT.as_secs()))
        .args([
            "--option=Dpkg::Options::=--force-confdef",
            "--option=Dpkg::Options::=--force-confold",
        ])
        // Otherwise a name that no package has is taken as a regular expression,
        // and everything is installed that matches it.
        .arg("--option=APT::Cmd::Pattern-Only=true")
        // On Ubuntu, needrestart runs after apt; of its own accord it may restart
        // any service, the one that runs us among them.
        .env("NEEDRESTART_MODE", "l")
        .time_limit(TIME_LIMIT)
}

/// Runs apt, and again while another program holds one of the locks that
/// apt itself does not wait for.
pub(crate) fn run_unlocked(machine: &Machine, command: &Command) -> Result<Output, PackageError> {
    let mut waited = Duration::ZERO;
    loop {
        let output = machine.execute(command)?;
        let stderr = output.stderr_text();
        let locked = !output.is_success()
            && (stderr.contains("Could not get lock")
                || stderr.contains("Unable to acquire the dpkg"));
        if !locked {
            return Ok(output);
        }
        let apt_waited = !stderr.contains("/lists/lock") && !stderr.contains("/archives/lock");
        if apt_waited || waited >= LOCK_WAIT {
            return Err(PackageError::Locked { detail: output.last_words() });
        }
        machine.pause(LOCK_PAUSE);
        waited += LOCK_PAUSE;
    }
}

/// Whether newer lists of packages may help.
pub(crate) fn is_outdated(output: &Output) -> bool {
    !output.is_success()
        && (is_unknown(output) || output.stderr_text().contains("maybe run apt-get update"))
}

fn is_unknown(output: &Output) -> bool {
    let stderr = output.stderr_text();
    stderr.contains("Unable to locate package") || stderr.contains("has no installation candidate")
}

pub(crate) fn refusal(
    command: &Command,
    packages: &[&str],
    output: Output,
    warnings: &str,
) -> PackageError {
    if !is_unknown(&output) {
        return command.failed(output).into();
    }
    let mut detail = output.last_words();
    if !warnings.is_empty() {
        detail = format!("{warnings}\n{detail}");
    }
    PackageError::NotFound { packages: packages.join(" "), detail }
}

/// How long a lock of another package manager is waited for.
const LOCK_WAIT: Duration = Duration::from_mins(5);
const LOCK_PAUSE: Duration = Duration::from_secs(5);

/// To kill apt at work leaves packages half installed, so this is longer than
/// any honest installation takes.
pub(crate) const TIME_LIMIT: Duration = Duration::from_hours(2);
