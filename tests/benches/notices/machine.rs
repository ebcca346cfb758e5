//! A machine with services to watch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use throwaway_machine::ThrowawayMachine;

use crate::daemon::{Daemon, SERVICES};
use crate::told::Told;

/// A machine with services to watch.
pub(crate) struct Machine(ThrowawayMachine);

const SERVICE: &str =
    "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/sleep infinity\n";
const ONCE: &str = "[Service]\nType=oneshot\nExecStart=/bin/true\n";

impl Machine {
    /// Boots it. The folder `python` holds Python's daemon.
    pub(crate) fn boot(python: Option<&Path>) -> Self {
        let wanted: Vec<_> = (0..SERVICES).map(|number| format!("web@{number}.service")).collect();
        let target = format!("[Unit]\nWants={}\n", wanted.join(" "));
        let mut builder = ThrowawayMachine::builder()
            .time_limit(Duration::from_mins(10))
            .file("/usr/local/bin/juju-systemd-notices", built("juju-systemd-notices"), 0o755)
            .file("/usr/bin/juju-exec", built("notices-probe"), 0o755)
            .file("/etc/systemd/system/web@.service", SERVICE, 0o644)
            .file("/etc/systemd/system/other@.service", SERVICE, 0o644)
            .file("/etc/systemd/system/once@.service", ONCE, 0o644)
            // What nothing wants is forgotten when it stops, with the time of that.
            .file("/etc/systemd/system/web.target", target, 0o644);
        for daemon in [Daemon::Ours, Daemon::Python] {
            let path = format!("/etc/systemd/system/{}.service", daemon.name());
            builder = builder.file(path, daemon.unit_file(), 0o644);
        }
        let machine = Self(builder.boot().unwrap());
        if let Some(python) = python {
            let place = machine.0.shared_dir().join("python");
            let copy = Command::new("cp").arg("-r").arg(python).arg(place).status().unwrap();
            assert!(copy.success(), "cannot copy Python's daemon");
        }
        machine.shell("mkdir /run/bench; >/run/bench/told; systemctl start web.target");
        machine
    }

    /// Runs a line of shell, and returns what it prints.
    pub(crate) fn shell(&self, line: &str) -> String {
        let output = self.0.run(["bash", "-c", line]).unwrap().success().unwrap();
        output.stdout().into_owned()
    }

    /// Runs a line of shell that prints one number.
    pub(crate) fn number(&self, line: &str) -> u64 {
        let text = self.shell(line);
        text.trim().parse().unwrap_or_else(|_| panic!("`{line}` printed `{text}`"))
    }

    /// Returns a property of a unit that is a number.
    pub(crate) fn property(&self, unit: &str, interface: &str, name: &str) -> u64 {
        let path = unit.replace('@', "_40").replace('.', "_2e").replace('-', "_2d");
        self.number(&format!(
            "busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1/unit/{path} \
             org.freedesktop.systemd1.{interface} {name} | cut -d' ' -f2"
        ))
    }

    pub(crate) fn main_pid(&self, daemon: Daemon) -> u64 {
        self.number(&format!("systemctl show --value --property=MainPID {}", daemon.name()))
    }

    /// Waits until a daemon has nothing to do, and returns since when, in
    /// microseconds since 1970.
    pub(crate) fn settle(&self, daemon: Daemon) -> u64 {
        self.number(&format!("juju-exec idle {}", self.main_pid(daemon)))
    }

    /// Returns the processor time that a daemon has had.
    pub(crate) fn busy(&self, daemon: Daemon) -> Duration {
        let pid = self.main_pid(daemon);
        Duration::from_nanos(self.number(&format!("cut -d' ' -f1 /proc/{pid}/schedstat")))
    }

    /// Returns how often a daemon was woken, or gave way.
    pub(crate) fn switches(&self, daemon: Daemon) -> u64 {
        let pid = self.main_pid(daemon);
        self.number(&format!(
            "cat /proc/{pid}/task/*/status | awk '/ctxt_switches/ {{ n += $2 }} END {{ print n }}'"
        ))
    }

    /// Returns the memory in kB that all processes of a daemon's unit have for
    /// themselves, and their share of what others have too.
    pub(crate) fn memory(&self, daemon: Daemon) -> u64 {
        self.number(&format!(
            "for pid in $(cat /sys/fs/cgroup/system.slice/{}.service/cgroup.procs); do \
             cat /proc/$pid/smaps_rollup; done | awk '/^Pss:/ {{ n += $2 }} END {{ print n }}'",
            daemon.name()
        ))
    }

    /// Forgets what the charm was told.
    pub(crate) fn forget(&self) {
        self.shell(">/run/bench/told");
    }

    /// Returns what the charm was told.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.shell("cat /run/bench/told").lines().map(|line| line.parse().unwrap()).collect()
    }
}

/// Reads a program that `cargo xtask bench` has built as it ships.
fn built(name: &str) -> Vec<u8> {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let release = PathBuf::from(env!("CARGO_BIN_EXE_notices-probe"));
    let path = release.ancestors().nth(2).unwrap().join(triple).join("charm").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()))
}
