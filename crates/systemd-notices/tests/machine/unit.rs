//! A unit of Juju on a throw-away machine.

use std::path::PathBuf;
use std::time::Duration;

use throwaway_machine::{Output, ThrowawayMachine};

/// A unit of Juju on a throw-away machine, with a stand-in for the daemon: the
/// tests here are about what the charm makes of it, and not about what it does.
pub(crate) struct Unit<'a> {
    machine: &'a ThrowawayMachine,
    name: &'static str,
    /// Where the charm lies.
    pub(crate) charm: String,
}

/// Runs `systemctl`, after it has noted how it was called, and fails where a
/// file says so.
const RECORDER: &str = r#"#!/bin/sh
echo "$*" >>/recorder/calls
[ "$1" = "$(cat /recorder/fail 2>/dev/null)" ] && exit 1
exec /usr/bin/systemctl "$@"
"#;

/// Says that it is ready, and notes its arguments and the list at its start
/// and at each reload, and whether it reaches the agent's sockets, where there
/// are some. `MARK` tells one version of it from another, and one fails. It
/// leaves a child behind, as a daemon does that is restarted while `juju-exec`
/// runs.
const DAEMON: &str = r#"#!/usr/bin/perl
use Socket;
use IO::Handle;
open(my $log, ">>", "$ENV{STATE_DIRECTORY}/log") or die;
$log->autoflush(1);
sub note {
    open(my $list, "<", "$ENV{STATE_DIRECTORY}/services") or die;
    my @units = map { (split)[0] } grep { !/^#/ } <$list>;
    print $log join(" ", @_, ":", @units), "\n";
}
$SIG{HUP} = sub { note("reload MARK") };
$SIG{TERM} = sub { exit(1) } if "MARK" eq "failing";
my $writes = open(my $file, ">", "/etc/written") ? "writes" : "cannot write";
my $context = exists $ENV{JUJU_CONTEXT_ID} ? "in a hook" : "in no hook";
note("start MARK, $writes, $context,", @ARGV);
my $agent = "/var/lib/juju/agents/unit-web-0/run.socket";
foreach my $address (-e $agent ? ($agent, "\0$agent") : ()) {
    socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die;
    my $reaches = connect($socket, pack_sockaddr_un($address)) ? "reaches" : "cannot reach";
    print $log "$reaches the agent\n";
}
pipe(my $end, my $begin) or die;
if (fork() == 0) { close($log); exec("sleep", "600"); }
close($begin);
<$end>; # The child has closed its end by `exec`: it is what tests look for.
socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die;
send($socket, "READY=1", 0, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die;
sleep(600) while 1;
"#;

/// Boots a machine with what the units need.
pub(crate) fn machine() -> ThrowawayMachine {
    let machine = ThrowawayMachine::builder()
        .file("/recorder/systemctl", RECORDER, 0o755)
        .file("/recorder/calls", "", 0o644)
        .boot()
        .unwrap();
    std::fs::copy(program(), machine.shared_dir().join("notices")).unwrap();
    machine
}

/// The program of the example, which cargo builds with the tests.
#[expect(clippy::disallowed_methods, reason = "cargo names the folder in no other way")]
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("examples/notices");
    assert!(program.exists(), "run `cargo build -p systemd-notices --examples`");
    program
}

impl<'a> Unit<'a> {
    /// Puts a unit on the machine, with the program of a charm.
    pub(crate) fn new(machine: &'a ThrowawayMachine, name: &'static str) -> Self {
        let unit = Self::that_is_there(machine, name);
        unit.refresh("first");
        unit
    }

    /// Finds a unit that is on the machine.
    pub(crate) fn that_is_there(machine: &'a ThrowawayMachine, name: &'static str) -> Self {
        let charm = format!("/var/lib/juju/agents/unit-{}/charm", name.replace('/', "-"));
        Self { machine, name, charm }
    }

    /// Puts a unit on the machine, whose charm lies in the folder `charm`.
    pub(crate) fn in_folder(
        machine: &'a ThrowawayMachine,
        name: &'static str,
        charm: String,
    ) -> Self {
        let unit = Self { machine, name, charm };
        unit.refresh("first");
        unit
    }

    /// Replaces the charm's program, as a refresh of the charm does.
    pub(crate) fn refresh(&self, mark: &str) {
        let program = format!("{}/dispatch", self.charm);
        self.machine.write(&program, DAEMON.replace("MARK", mark)).unwrap();
        self.run(&["chmod", "755", &program]);
    }

    /// Lets the charm apply, stop or remove its notices.
    pub(crate) fn notices(&self, action: &str, services: &[&str]) -> Output {
        let words = ["env", "PATH=/recorder:/usr/bin:/bin", "/shared/notices", action, self.name];
        let words = words.into_iter().chain([self.charm.as_str()]);
        self.machine.run(words.chain(services.iter().copied())).unwrap()
    }

    /// Lets the charm apply its notices, and returns how it has called
    /// `systemctl`.
    pub(crate) fn apply(&self, services: &[&str]) -> String {
        self.calls();
        self.done("apply", services);
        self.calls()
    }

    /// Lets the charm apply, stop or remove its notices, which must succeed.
    pub(crate) fn done(&self, action: &str, services: &[&str]) {
        let output = self.notices(action, services).success().unwrap();
        assert_eq!(output.stdout() + output.stderr(), "");
    }

    /// Waits until a process with such a command line runs.
    pub(crate) fn wait_for_process(&self, pattern: &str) {
        let runs = || self.machine.run(["pgrep", "--full", pattern]).unwrap().code() == Some(0);
        self.wait_until(pattern, runs);
    }

    /// Waits until `is_so`, which is called `what`.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl FnMut() -> bool) {
        self.machine.wait_until(what, Duration::from_secs(20), is_so).unwrap();
    }

    /// Returns how `systemctl` was called since this was asked last.
    pub(crate) fn calls(&self) -> String {
        let calls = self.run(&["cat", "/recorder/calls"]);
        self.machine.write("/recorder/calls", "").unwrap();
        let calls = calls
            .replace("--property=ActiveState,ControlGroup,UnitFileState,NeedDaemonReload ", "");
        calls.replace(&format!("-- {}", self.service()), "SERVICE")
    }

    /// Returns the name of the daemon's service.
    pub(crate) fn service(&self) -> String {
        format!("juju-{}-systemd-notices.service", self.name.replace('/', "-"))
    }

    /// Returns properties of the daemon's service.
    pub(crate) fn show(&self, properties: &str) -> String {
        self.run(&["systemctl", "show", "--property", properties, &self.service()])
    }

    /// Returns what the stand-ins have noted.
    pub(crate) fn log(&self) -> String {
        self.run(&["cat", &format!("{}/log", self.state_folder())])
    }

    /// Waits until the stand-ins have noted `lines` lines, and returns them.
    pub(crate) fn wait_for_log(&self, lines: usize) -> String {
        let what = format!("{lines} lines in the log");
        self.wait_until(&what, || self.log().lines().count() >= lines);
        self.log()
    }

    /// Returns the daemon's state folder.
    pub(crate) fn state_folder(&self) -> String {
        format!("/var/lib/juju-systemd-notices/{}", self.name.replace('/', "-"))
    }

    /// Runs a command on the machine, and returns what it prints.
    pub(crate) fn run(&self, command: &[&str]) -> String {
        let output = self.machine.run(command.iter().copied()).unwrap().success().unwrap();
        output.stdout().into_owned()
    }
}
