//! A machine with the daemon, and a unit agent that only writes down.

use std::fs;
use std::time::Duration;

use throwaway_machine::ThrowawayMachine;

use crate::daemon::said::assert_promise;

/// How long anything may take on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// A machine with services of its own, on which the daemon watches for the
/// charm of `app/0`.
pub(crate) struct Bench {
    pub(crate) machine: ThrowawayMachine,
}

/// Does what juju-exec does, as far as it is seen from outside: it runs the
/// text in the charm's folder, unless `/run/agent` says something else, and then
/// what `/run/agent-after` says.
const JUJU_EXEC: &str = r#"#!/bin/bash
[ -e /run/agent ] && . /run/agent
[ -z "$JUJU_CONTEXT_ID" ] && [ "$1" = app/0 ] || exit 2
cd /var/lib/juju/charm && bash -c "$2"
code=$?
[ -e /run/agent-after ] && . /run/agent-after
exit $code
"#;

/// A charm that writes down what it is told, unless `/run/charm` says
/// something else.
const DISPATCH: &str = r#"#!/bin/bash
[ -e /run/charm ] && . /run/charm
event=${JUJU_DISPATCH_PATH#hooks/service-}
[ "$SYSTEMD_NOTICE_MERGED" = yes ] && event="$event merged"
for name in "${!SYSTEMD_NOTICE_@}"; do notice+="$name=${!name}"$'\t'; done
echo "$notice" >>/var/log/notices
echo "$event" >>/var/log/told
"#;

const DAEMON: &str = r"[Unit]
StartLimitIntervalSec=0
[Service]
Type=notify
NotifyAccess=main
ExecStart=/usr/local/bin/juju-systemd-notices --unit app/0
Restart=always
RestartSec=100ms
KillMode=process
WatchdogSec=5min
StateDirectory=juju-systemd-notices/app-0
";

/// Returns a list of this many instances of `web@.service`.
pub(crate) fn instances(count: u32) -> String {
    let lines = (0..count).map(|number| format!("web@{number}.service web-{number}\n"));
    lines.collect::<Vec<_>>().concat()
}

/// A service that runs until it is stopped.
pub(crate) const SERVICE: &str = "[Service]\nExecStart=/usr/bin/sleep infinity\n";

impl Bench {
    /// Boots a machine on which the daemon watches what `list` says, and every
    /// unit is a service that runs until it is stopped.
    pub(crate) fn new(list: &str) -> Self {
        let units = list.lines().filter_map(|line| line.split(' ').next());
        Self::with_units(list, units.map(|unit| (unit, SERVICE)))
    }

    /// Boots a machine with these units, on which the daemon watches what
    /// `list` says.
    pub(crate) fn with_units<'a>(
        list: &str,
        units: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let bench = Self::without_daemon(list, units);
        bench.systemctl(&["start", "notices"]);
        bench
    }

    /// Boots such a machine without starting the daemon.
    pub(crate) fn without_daemon<'a>(
        list: &str,
        units: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let program = fs::read(env!("CARGO_BIN_EXE_juju-systemd-notices")).unwrap();
        let mut machine = ThrowawayMachine::builder()
            .file("/usr/local/bin/juju-systemd-notices", program, 0o755)
            .file("/usr/bin/juju-exec", JUJU_EXEC, 0o755)
            .file("/var/lib/juju/charm/dispatch", DISPATCH, 0o755)
            .file("/var/lib/juju-systemd-notices/app-0/services", list, 0o644)
            .file("/etc/systemd/system/notices.service", DAEMON, 0o644);
        for (unit, text) in units {
            machine = machine.file(format!("/etc/systemd/system/{unit}"), text, 0o644);
        }
        Self { machine: machine.boot().unwrap() }
    }

    /// Has systemd start the daemon anew when it has not heard of it for a
    /// second.
    pub(crate) fn watch_daemon(&self) {
        let text = "[Service]\nWatchdogSec=1s\n";
        self.machine.write("/etc/systemd/system/notices.service.d/watchdog.conf", text).unwrap();
        self.systemctl(&["daemon-reload"]);
    }

    /// Starts the daemon with these options besides.
    pub(crate) fn start_with(&self, options: &str) {
        let program = "/usr/local/bin/juju-systemd-notices --unit app/0";
        let text = format!("[Service]\nExecStart=\nExecStart={program} {options}\n");
        self.machine.write("/etc/systemd/system/notices.service.d/options.conf", text).unwrap();
        self.systemctl(&["daemon-reload"]);
        self.systemctl(&["start", "notices"]);
    }

    /// Runs systemctl, and waits until it has done what it is asked for.
    pub(crate) fn systemctl(&self, arguments: &[&str]) {
        self.run(&[&["systemctl"], arguments].concat());
    }

    /// Runs a program that succeeds, and returns what it prints.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = self.machine.run(words.iter().copied()).unwrap().success().unwrap();
        output.stdout().into_owned()
    }

    /// Runs a line of shell.
    pub(crate) fn shell(&self, line: &str) -> String {
        self.run(&["bash", "-c", line])
    }

    /// Has juju-exec run this shell before everything else.
    pub(crate) fn agent(&self, shell: &str) {
        self.machine.write("/run/agent", shell).unwrap();
    }

    /// Has juju-exec run this shell after everything else.
    pub(crate) fn agent_after(&self, shell: &str) {
        self.machine.write("/run/agent-after", shell).unwrap();
    }

    /// Has the charm run this shell before everything else.
    pub(crate) fn charm(&self, shell: &str) {
        self.machine.write("/run/charm", shell).unwrap();
    }

    /// Asserts that the daemon has logged no warning.
    #[track_caller]
    pub(crate) fn assert_no_warning(&self) {
        let warnings = "journalctl --sync; \
            journalctl --quiet --unit notices --priority warning _COMM=juju-systemd-no || true";
        assert_eq!(self.shell(warnings), "");
    }

    /// Waits until this line of shell succeeds.
    #[track_caller]
    pub(crate) fn wait_until(&self, line: &str) {
        let is_so = || self.machine.run(["bash", "-c", line]).unwrap().code() == Some(0);
        self.machine.wait_until(line, LIMIT, is_so).unwrap();
    }

    /// Waits until the charm was told exactly these events, in this order.
    #[track_caller]
    pub(crate) fn assert_told(&self, events: &[&str]) {
        let told = || {
            let told = self.shell("cat /var/log/told 2>/dev/null; true");
            told.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let is_told = || told().len() >= events.len();
        let outcome = self.machine.wait_until("the charm to be told", LIMIT, is_told);
        let journal = || self.machine.journal().unwrap();
        assert_eq!(told(), events, "{outcome:?}\n{}", journal());
    }

    /// Waits until the promise is kept: what the charm was told is what the
    /// journal says, and the last of it is true. No notice is repeated.
    #[track_caller]
    pub(crate) fn assert_promise(&self) {
        self.assert_promise_with_repeats(0);
    }

    /// Waits until the promise is kept, after the daemon or the machine has
    /// died during a delivery this often.
    #[track_caller]
    pub(crate) fn assert_promise_with_repeats(&self, repeats: usize) {
        let watched = self.watched();
        let units: Vec<_> = watched.iter().map(String::as_str).collect();
        assert_promise(&self.machine, &units, "/var/log/notices", repeats);
    }

    /// Returns the names of the units that are watched.
    fn watched(&self) -> Vec<String> {
        let list = self.shell("cat /var/lib/juju-systemd-notices/app-0/services");
        let names = list.lines().filter_map(|line| line.split(' ').next());
        names.map(str::to_owned).collect()
    }

    /// Returns a variable of the last notice.
    pub(crate) fn variable(&self, name: &str) -> String {
        let notices = self.shell("tail --lines 1 /var/log/notices");
        let mut pairs = notices.split('\t').filter_map(|pair| pair.split_once('='));
        let name = format!("SYSTEMD_NOTICE_{name}");
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .unwrap_or_default()
    }
}
