//! A systemd that runs as the first process of its own namespaces.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::{
    fd::OwnedFd,
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};

use crate::{
    BootError,
    command::{clean, wait},
    console::Console,
    disk::{Disk, first_line},
    log::Log,
};

const BOOT: &str = include_str!("boot.sh");

/// What would reach through to the host: its kernel's modules and log, its clock
/// and its ports.
const CAPABILITIES: &str = "-sys_module,-syslog,-sys_time,-sys_rawio";

/// A systemd that runs.
#[derive(Debug)]
pub(crate) struct Systemd {
    /// Its parent, on the host: an `unshare` that ends with it.
    parent: Child,
    pid: Pid,
    handle: OwnedFd,
    console: Console,
}

impl Systemd {
    /// Starts it on a disk on which no other runs.
    pub(crate) fn start(disk: &Disk) -> Result<Self, BootError> {
        let cannot_make = || BootError::io("make temporary files");
        let log = Log::new().map_err(cannot_make())?;
        let console = Console::new().map_err(BootError::io("make a terminal"))?;
        let mut command = disk.command("unshare");
        command.args(["--fork", "--kill-child", "--pid", "--mount", "--propagation", "private"]);
        command.args(["--uts", "--ipc", "--net", "bash", "-c", BOOT, "boot.sh"]);
        command.arg(disk.folder()).arg(console.terminal()).arg(CAPABILITIES);
        command.stdout(Stdio::piped()).stderr(log.writer().map_err(cannot_make())?);
        let mut parent = command.spawn().map_err(BootError::io("start `nsenter`"))?;
        let stdout = parent.stdout.take().expect("its standard output is a pipe");
        let pid = first_line(stdout)?.and_then(|line| Pid::from_raw(line.parse().ok()?));
        let handle = pid.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        let (Some(pid), Some(handle)) = (pid, handle) else {
            // What was forked goes with it.
            let _ = parent.kill();
            let _ = parent.wait();
            return Err(BootError::Host(log.text()));
        };
        Ok(Self { parent, pid, handle, console })
    }

    /// Returns a command that runs beside it, as if it had been started inside.
    pub(crate) fn command(&self, program: &str) -> Command {
        let [nsenter, words @ ..] = self.entrance();
        let mut command = clean(&nsenter);
        command.args(words).arg(program);
        command
    }

    /// Returns the words that come before those of a command, to run it there.
    pub(crate) fn entrance(&self) -> [String; 9] {
        let target = format!("--target={}", self.pid);
        let words =
            ["nsenter", &target, "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--"];
        words.map(str::to_owned)
    }

    /// Returns where the kernel shows a namespace of its.
    pub(crate) fn namespace(&self, name: &str) -> PathBuf {
        Path::new("/proc").join(self.pid.to_string()).join("ns").join(name)
    }

    /// Waits until it has ended by itself, and tells whether it has.
    pub(crate) fn ends_within(&mut self, limit: Duration) -> bool {
        matches!(wait(&mut self.parent, limit), Ok(Some(_)))
    }

    /// Returns what it has shown on its console.
    pub(crate) fn console(&self) -> String {
        self.console.text()
    }
}

impl Drop for Systemd {
    fn drop(&mut self) {
        // With the first process of the namespace, all others end. Both fail only
        // if it has ended already.
        let _ = pidfd_send_signal(&self.handle, Signal::KILL);
        let _ = self.parent.wait();
    }
}
