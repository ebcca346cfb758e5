//! The one place of the charm's side that starts a process: [`systemctl(1)`].
//!
//! [`systemctl(1)`]: https://www.freedesktop.org/software/systemd/man/latest/systemctl.html

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::notices_error::NoticesError;
use crate::text_file;

/// `systemctl` for one service: on the machine that runs, or on the files of
/// one that does not.
#[derive(Debug)]
pub(crate) struct Systemctl {
    pub(crate) service: String,
    /// Where no systemd runs: the link by which the service is enabled.
    pub(crate) offline: Option<PathBuf>,
}

/// What systemd knows of a service.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Shown {
    /// `ActiveState`.
    pub(crate) active_state: String,
    /// Whether it has processes, be it as those that a stop has left running.
    pub(crate) has_processes: bool,
    /// Whether it starts with the machine.
    pub(crate) is_enabled: bool,
    /// Whether the unit file has changed since systemd has read it.
    pub(crate) needs_reload: bool,
}

impl Systemctl {
    /// Asks systemd what it knows of the service, even if there is none. Where
    /// no systemd runs, a service that is enabled counts as active.
    pub(crate) fn show(&self) -> Result<Shown, NoticesError> {
        if let Some(link) = &self.offline {
            let is_enabled = link.is_symlink();
            let active_state = if is_enabled { "active" } else { "inactive" }.to_owned();
            let has_processes = false;
            return Ok(Shown { active_state, has_processes, is_enabled, needs_reload: false });
        }
        let properties = "--property=ActiveState,ControlGroup,UnitFileState,NeedDaemonReload";
        Ok(read(&run(&["show", properties, "--", &self.service])?))
    }

    /// Runs the command that is called `command` on the service.
    pub(crate) fn change(&self, command: &'static str) -> Result<(), NoticesError> {
        match (&self.offline, command) {
            (None, _) => run(&[command, "--", &self.service]).map(drop),
            (Some(link), "disable") => text_file::remove(link).map(drop),
            (Some(link), "enable") => self.enable_offline(link),
            (Some(_), _) => Ok(()),
        }
    }

    /// Kills all processes of the service.
    pub(crate) fn kill(&self) -> Result<(), NoticesError> {
        if self.offline.is_some() {
            return Ok(());
        }
        let end = run(&["kill", "--signal=KILL", "--", &self.service]).map(drop);
        // The last of them may have ended by itself just now: systemd has
        // forgotten the service then, and fails.
        if end.is_err() && !self.show()?.has_processes { Ok(()) } else { end }
    }

    /// Makes systemd read all unit files again.
    pub(crate) fn daemon_reload(&self) -> Result<(), NoticesError> {
        if self.offline.is_some() { Ok(()) } else { run(&["daemon-reload"]).map(drop) }
    }

    fn enable_offline(&self, link: &Path) -> Result<(), NoticesError> {
        let folder = link.parent().unwrap_or(link);
        fs::create_dir_all(folder).map_err(NoticesError::file("write", folder))?;
        symlink(Path::new("/etc/systemd/system").join(&self.service), link)
            .map_err(NoticesError::file("write", link))
    }
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
        has_processes: !value("ControlGroup").is_empty(),
        is_enabled: value("UnitFileState") == "enabled",
        needs_reload: value("NeedDaemonReload") == "yes",
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, read};

    #[test]
    fn reads_what_systemd_knows() {
        let text = "ActiveState=active\nControlGroup=/system.slice/a.service\n\
            UnitFileState=enabled\nNeedDaemonReload=yes\n";
        let shown = Shown {
            active_state: "active".to_owned(),
            has_processes: true,
            is_enabled: true,
            needs_reload: true,
        };
        assert_eq!(read(text), shown);
        assert_eq!(read("\n=\nUnitFileState=\nControlGroup=\n"), Shown::default());
    }
}
