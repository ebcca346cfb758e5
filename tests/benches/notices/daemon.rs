//! The two daemons.

use crate::machine::Machine;

/// How many services are watched.
pub(crate) const SERVICES: usize = 200;

/// A daemon that watches the services `web@0` to `web@199`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Daemon {
    Ours,
    Python,
}

impl Daemon {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "notices-ours",
            Self::Python => "notices-python",
        }
    }

    /// Returns its unit file.
    pub(crate) fn unit_file(self) -> String {
        let kind = match self {
            Self::Ours => "Type=notify\nKillMode=process\nStateDirectory=notices-ours\n",
            Self::Python => "",
        };
        let (environment, command) = (self.environment(), self.command());
        format!(
            "[Unit]\nStartLimitIntervalSec=0\n[Service]\n{kind}Environment={environment}\n\
             ExecStart={command}\n"
        )
    }

    /// Returns the variable that it is given.
    fn environment(self) -> &'static str {
        match self {
            Self::Ours => "STATE_DIRECTORY=/var/lib/notices-ours",
            Self::Python => "PYTHONPATH=/shared/python/venv",
        }
    }

    fn command(self) -> String {
        let program = match self {
            Self::Ours => "/usr/local/bin/juju-systemd-notices",
            Self::Python => "/usr/bin/python3 /shared/python/juju_systemd_notices.py",
        };
        let services: Vec<_> =
            (0..SERVICES).map(|number| format!("web@{number}=web-{number}")).collect();
        format!("{program} --unit app/0 {}", services.join(" "))
    }

    /// Returns how long it takes to start until it watches, in microseconds. It
    /// is there once only, but remembers what it has told.
    pub(crate) fn time_to_watching(self, machine: &Machine) -> u64 {
        let (environment, command) = (self.environment(), self.command());
        machine.number(&format!("{environment} juju-exec start {command}"))
    }

    /// Starts it, and waits until it watches and has told what it has to tell.
    pub(crate) fn start(self, machine: &Machine) {
        machine.shell(&format!("systemctl start {}", self.name()));
        machine.settle(self);
    }

    /// Stops it, with all that it has started. It forgets what it has told.
    pub(crate) fn stop(self, machine: &Machine) {
        let name = self.name();
        machine.shell(&format!(
            "systemctl kill --signal=KILL {name}; systemctl stop {name}; \
             rm -rf /var/lib/{name}; systemctl reset-failed {name} 2>/dev/null; true"
        ));
    }
}
