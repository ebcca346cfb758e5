//! A machine with a real systemd, and a simulated model whose units are on it.

use std::fs;
use std::process::Command;
use std::time::Duration;

use juju_simulator::{Deployment, RelationState, Simulator};
use throwaway_machine::{ThrowawayMachine, ThrowawayMachineBuilder};

use crate::packages::packed;
use crate::server::{Server, Targets};
use crate::tool_program;

/// The addresses of the first two machines of a model.
const ADDRESS: &str = "10.0.0.11";
const OTHER_ADDRESS: &str = "10.0.0.12";

/// Far more than anything here takes.
const LIMIT: Duration = Duration::from_mins(2);

/// A machine and the model that is on it.
pub(crate) struct Site {
    // Dropped in this order: the model has its folders on the machine.
    pub(crate) juju: Simulator,
    juju_machine: String,
    pub(crate) machine: ThrowawayMachine,
    /// Others, which are linked to it.
    linked: Vec<ThrowawayMachine>,
}

impl Site {
    pub(crate) fn new() -> Self {
        let machine = machine("juju-0").boot().unwrap();
        run(&machine, &["ip", "address", "add", &format!("{ADDRESS}/32"), "dev", "lo"]);
        let tools = machine.shared_dir().join("juju-sim-tool");
        fs::copy(tool_program::path(), &tools).unwrap();
        let mut juju = Simulator::builder()
            .folder(machine.shared_dir())
            .tool_program(tools)
            .update_status_interval(Duration::ZERO)
            .time_limit(LIMIT)
            .build();
        let juju_machine = juju.add_machine("ubuntu@24.04").unwrap().to_string();
        juju.enter_machine(&juju_machine, machine.entrance()).unwrap();
        Self { juju, juju_machine, machine, linked: Vec::new() }
    }

    /// Relates `exporter`, which is scraped at port 9100, with `prometheus`, which
    /// listens on port 9090 and is returned too.
    pub(crate) fn related() -> (Self, Server) {
        let mut site = Self::new();
        site.deploy_exporter("exporter", 9100);
        site.deploy_prometheus("prometheus", 9090);
        site.integrate("exporter", "prometheus");
        (site, Server::new(9090))
    }

    pub(crate) fn deploy_exporter(&mut self, application: &str, port: u16) {
        self.deploy("example-exporter", application, port);
    }

    pub(crate) fn deploy_prometheus(&mut self, application: &str, port: u16) {
        self.deploy("example-prometheus", application, port);
    }

    fn deploy(&mut self, charm: &str, application: &str, port: u16) {
        let deployment =
            Deployment::new(packed(charm), application).config("port", port).to(&self.juju_machine);
        let deployment = match charm {
            "example-prometheus" => deployment.config("scrape-interval", "1s"),
            _ => deployment,
        };
        let units = self.juju.deploy_with(deployment).unwrap();
        // What runs on the machine reaches the agents by it.
        let program = self.juju.exec_program(&units[0].to_string()).unwrap();
        run(&self.machine, &["ln", "-sfT", program.to_str().unwrap(), "/usr/bin/juju-exec"]);
        self.settle();
    }

    pub(crate) fn integrate(&mut self, exporter: &str, prometheus: &str) {
        let (exporter, prometheus) =
            (format!("{exporter}:prometheus"), format!("{prometheus}:manual-jobs"));
        self.juju.integrate(&exporter, &prometheus).unwrap();
        self.settle();
    }

    /// Runs the model until it is idle; no hook may fail.
    #[track_caller]
    pub(crate) fn settle(&mut self) {
        while self.juju.run_next().unwrap() {
            let operation = self.juju.operations().last().unwrap();
            assert!(operation.exit.is_success(), "{operation}");
        }
    }

    /// Waits until something on the machine asks an agent to run a hook, and runs
    /// it, until the status of a unit begins so.
    #[track_caller]
    pub(crate) fn wait_for_workload(&mut self, unit: &str, start: &str) {
        while !self.workload(unit).starts_with(start) {
            assert!(self.juju.wait_for_exec(LIMIT), "{unit} is {}", self.workload(unit));
            self.settle();
        }
    }

    /// Runs the model until a hook of a unit has ended, however it has.
    #[track_caller]
    pub(crate) fn run_until(&mut self, unit: &str, hook: &str) {
        while self.juju.run_next().unwrap() {
            let operation = self.juju.operations().last().unwrap();
            if operation.unit.to_string() == unit && operation.kind.to_string() == hook {
                return;
            }
        }
        panic!("`{hook}` of {unit} has not come");
    }

    pub(crate) fn workload(&self, unit: &str) -> String {
        self.juju.status().unit(unit).unwrap().workload.to_string()
    }

    /// Returns what a unit of Prometheus has answered, sorted.
    pub(crate) fn responses(&self, unit: &str) -> Vec<String> {
        let state = self.juju.unit_state(unit).unwrap();
        let relations = state.relations().iter();
        let settings = relations.flat_map(RelationState::own_data);
        let responses = settings.filter(|(key, _)| key.starts_with("response_"));
        responses.map(|(_, text)| text.clone()).collect()
    }

    /// Waits until a Prometheus has these targets besides itself, and all are up.
    #[track_caller]
    pub(crate) fn wait_until_up(&self, server: Server, urls: &[&str]) {
        self.wait_until(server, &format!("{urls:?} are up"), |targets| {
            targets.urls() == urls && urls.iter().all(|url| targets.is_up(url))
        });
    }

    #[track_caller]
    pub(crate) fn wait_until(&self, server: Server, what: &str, holds: impl Fn(&Targets) -> bool) {
        let result = self
            .machine
            .wait_until(what, LIMIT, || server.targets(self).is_some_and(|it| holds(&it)));
        if let Err(error) = result {
            panic!("{error}\n{:#?}\n{}", server.targets(self), server.config(self));
        }
    }

    pub(crate) fn is_active(&self, service: &str) -> bool {
        self.machine.run(["systemctl", "is-active", "--quiet", service]).unwrap().success().is_ok()
    }

    /// Runs a command, which must succeed.
    #[track_caller]
    pub(crate) fn run<const N: usize>(&self, command: [&str; N]) {
        run(&self.machine, &command);
    }

    /// Runs a command, and tells whether it has failed.
    pub(crate) fn run_failing<const N: usize>(&self, command: [&str; N]) -> bool {
        self.machine.run(command).unwrap().success().is_err()
    }

    /// Lists the certificates of a unit's Prometheus, with mode and owner.
    pub(crate) fn certificates(&self, unit: &str) -> Vec<String> {
        let script = "cd \"$1\" 2>/dev/null && stat --format='%a %U %n' -- *";
        let folder = format!("/etc/prometheus/{unit}/certificates");
        let output = self.machine.run(["sh", "-c", script, "sh", &folder]).unwrap();
        output.stdout().lines().map(str::to_owned).collect()
    }

    /// Adds a unit on another machine like this one, to which a cable leads, and
    /// returns its name.
    pub(crate) fn add_unit_elsewhere(&mut self, application: &str) -> String {
        // It sees the files of the model as the first one does.
        let other = machine("juju-1").shared_dir(self.machine.shared_dir()).boot().unwrap();
        let pid = other.entrance()[1].replace("--target=", "");
        let cable =
            ["link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", &pid];
        let laid = self.machine.in_network(|| Command::new("ip").args(cable).status());
        assert!(laid.unwrap().unwrap().success());
        run(&self.machine, &["ip", "address", "delete", &format!("{ADDRESS}/32"), "dev", "lo"]);
        for (machine, its_address) in [(&self.machine, ADDRESS), (&other, OTHER_ADDRESS)] {
            run(machine, &["ip", "link", "set", "cable", "up"]);
            run(machine, &["ip", "address", "add", &format!("{its_address}/24"), "dev", "cable"]);
        }
        let id = self.juju.add_machine("ubuntu@24.04").unwrap().to_string();
        self.juju.enter_machine(&id, other.entrance()).unwrap();
        let unit = self.juju.add_unit_to(application, &id).unwrap().to_string();
        self.linked.push(other);
        self.settle();
        unit
    }

    /// A program that ships has everything in it: what the C library would load
    /// to look up names of users or machines may not be there, or be another.
    #[track_caller]
    pub(crate) fn assert_no_library_was_loaded(&self, service: &str) {
        let script = "pid=$(systemctl show --value --property=MainPID \"$1\") && \
             readlink /proc/$pid/exe && cut --characters=74- /proc/$pid/maps | sort --unique";
        let output = self.machine.run(["bash", "-c", script, "bash", service]).unwrap();
        let output = output.success().unwrap();
        let text = output.stdout();
        let (program, files) = text.split_once('\n').unwrap();
        let files: Vec<_> = files.lines().filter(|file| file.starts_with('/')).collect();
        assert_eq!(files, [program]);
    }

    /// No line of a log has a key, nor has the journal.
    #[track_caller]
    pub(crate) fn assert_no_key_was_told(&self) {
        let logs = self.juju.operations().iter().flat_map(|operation| &operation.log);
        assert!(logs.clone().count() > 0);
        assert!(logs.into_iter().all(|line| !line.message.contains("PRIVATE KEY")));
        assert!(!self.machine.journal().unwrap().contains("PRIVATE KEY"));
    }
}

/// Describes a machine that can install Prometheus and the exporter.
fn machine(host_name: &str) -> ThrowawayMachineBuilder {
    let target = packed("example-exporter").ancestors().nth(2).unwrap().to_owned();
    let archive = target.join("debian-packages/archive");
    ThrowawayMachine::builder()
        .host_name(host_name)
        .apt_archive(archive)
        // The daemons of charms, which are there.
        .shows_shared_dir_to("juju-")
}

#[track_caller]
fn run(machine: &ThrowawayMachine, command: &[&str]) {
    let _ = machine.run(command.iter().copied()).unwrap().success().unwrap();
}
