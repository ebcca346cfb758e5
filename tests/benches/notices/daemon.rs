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
        let services: Vec<_> =
            (0..SERVICES).map(|number| format!("web@{number}=web-{number}")).collect();
        let services = services.join(" ");
        match self {
            Self::Ours => format!(
                "[Unit]\nStartLimitIntervalSec=0\n[Service]\nType=notify\nKillMode=process\nStateDirectory=notices-ours\n\
                 ExecStart=/usr/local/bin/juju-systemd-notices --unit app/0 {services}\n"
            ),
            Self::Python => format!(
                "[Unit]\nStartLimitIntervalSec=0\n[Service]\nEnvironment=PYTHONPATH=/shared/python/venv\n\
                 ExecStart=/usr/bin/python3 /shared/python/juju_systemd_notices.py \
                 --unit app/0 {services}\n"
            ),
        }
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
