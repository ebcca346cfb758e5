//! The one place of the charm's side that starts a process: [`systemctl(1)`].
//!
//! [`systemctl(1)`]: https://www.freedesktop.org/software/systemd/man/latest/systemctl.html

use std::process::{Command, Stdio};

use crate::notices_error::NoticesError;

/// What systemd knows of the service of the daemon.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Shown {
    /// `ActiveState`; empty for systemd that does not tell.
    pub(crate) active_state: String,
    /// Whether it starts with the machine.
    pub(crate) is_enabled: bool,
    /// Whether the unit file has changed since systemd has read it.
    pub(crate) needs_reload: bool,
}

/// Asks systemd what it knows of `service`, even if there is none.
pub(crate) fn show(service: &str) -> Result<Shown, NoticesError> {
    let properties = "--property=ActiveState,UnitFileState,NeedDaemonReload";
    Ok(read(&run(&["show", properties, "--", service])?))
}

/// Runs the command of `systemctl` that is called `command` on `service`.
pub(crate) fn change(service: &str, command: &'static str) -> Result<(), NoticesError> {
    run(&[command, "--", service]).map(drop)
}

/// Makes systemd read all unit files again.
pub(crate) fn daemon_reload() -> Result<(), NoticesError> {
    run(&["daemon-reload"]).map(drop)
}

/// Runs `systemctl` to its end and returns what it has printed.
fn run(arguments: &[&str]) -> Result<String, NoticesError> {
    #[expect(clippy::disallowed_methods, reason = "this is the seam to systemd")]
    let mut systemctl = Command::new("systemctl");
    let output = systemctl.args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|source| NoticesError::Start { source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let message = if message.is_empty() { output.status.to_string() } else { message };
    Err(NoticesError::Systemctl { arguments: arguments.join(" "), message })
}

/// Reads what `systemctl show` has printed.
fn read(text: &str) -> Shown {
    let value = |name| {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs.filter(|pair| pair.0 == name).map(|pair| pair.1).next().unwrap_or_default()
    };
    Shown {
        active_state: value("ActiveState").to_owned(),
        is_enabled: value("UnitFileState") == "enabled",
        needs_reload: value("NeedDaemonReload") == "yes",
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, read};

    #[test]
    fn reads_what_systemd_knows() {
        let text = "ActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=yes\n";
        let shown =
            Shown { active_state: "active".to_owned(), is_enabled: true, needs_reload: true };
        assert_eq!(read(text), shown);
        let shown = Shown { active_state: String::new(), is_enabled: false, needs_reload: false };
        assert_eq!(read("\n=\nUnitFileState=\n"), shown);
    }
}
