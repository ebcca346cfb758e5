//! The simulated model with an audience: whatever it does is shown.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use juju_simulator::{Deployment, LogLevel, Operation, OperationKind, Simulator};

use crate::{
    demo::{
        place::{ADDRESS, BASE, Place},
        prometheus::{self, Target},
        screen,
    },
    member::Workspace,
};

/// Names the scratch folder to the charm.
const SCRATCH: &str = "CHARM_MACHINE_SCRATCH";

/// How long a charm may take to be woken.
const LIMIT: Duration = Duration::from_mins(1);

pub(super) struct Theatre {
    // Dropped in this order: the model has its folders on the machine.
    juju: Simulator,
    place: Place,
    root: PathBuf,
    juju_machine: String,
    shown: usize,
}

impl Theatre {
    pub(super) fn new(workspace: &Workspace, place: Place) -> anyhow::Result<Self> {
        let tool_program = tool_program(workspace)?;
        let juju = Simulator::builder()
            .model_name("demo".parse().expect("a valid name"))
            // One unit at a time shows which of them has changed the machine.
            .update_status_interval(Duration::ZERO);
        let mut juju = match &place {
            Place::Machine(machine) => {
                // What is started there must be there.
                let tools = machine.shared_dir().join("juju-sim-tool");
                fs::copy(&tool_program, &tools)
                    .with_context(|| format!("cannot copy `{}`", tool_program.display()))?;
                juju.folder(machine.shared_dir()).tool_program(tools)
            }
            Place::Scratch { folder, .. } => {
                juju.charm_variable(SCRATCH, folder.to_string_lossy()).tool_program(tool_program)
            }
        }
        .build();
        let juju_machine = juju.add_machine(BASE)?.to_string();
        if let Some(machine) = place.machine() {
            juju.enter_machine(&juju_machine, machine.entrance())?;
        }
        Ok(Self { juju, place, root: workspace.root().to_owned(), juju_machine, shown: 0 })
    }

    pub(super) fn deploy(
        &mut self,
        package: &Path,
        application: &str,
        options: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let words = options.iter().map(|(name, value)| format!(" --config {name}={value}"));
        let words = words.collect::<String>();
        screen::command(&format!(
            "juju deploy {} {application}{words} --to {}",
            super::shortened(package, &self.root),
            self.juju_machine
        ));
        let deployment = Deployment::new(package, application).to(&self.juju_machine);
        let deployment =
            options.iter().fold(deployment, |it, (name, value)| it.config(name, value));
        let units = self.juju.deploy_with(deployment)?;
        if let (Some(machine), Some(program)) =
            (self.place.machine(), self.juju.exec_program(&units[0].to_string()))
        {
            // What runs on the machine reaches the agents by it.
            let program = program.display().to_string();
            let link = ["ln", "-sfT", &program, "/usr/bin/juju-exec"];
            let _ = machine.run(link)?.success()?;
        }
        self.run_until_idle()
    }

    /// Has a service stop behind the charm's back, where there is a real one, and
    /// shows what the charm makes of it when its daemon wakes it.
    pub(super) fn kill_service(&mut self, unit: &str, service: &str) -> anyhow::Result<()> {
        let Some(machine) = self.place.machine() else { return Ok(()) };
        screen::command(&format!("systemctl kill --signal=KILL {service}"));
        let _ = machine.run(["systemctl", "kill", "--signal=KILL", service])?.success()?;
        let before = self.shown;
        let deadline = Instant::now() + LIMIT;
        // It stops, and systemd starts it again; the charm may hear of both at once.
        loop {
            let is_woken =
                self.juju.wait_for_exec(deadline.saturating_duration_since(Instant::now()));
            self.run_until_idle()?;
            let mut since = self.juju.operations()[before..].iter();
            let workload = self.workload(unit)?;
            if since.any(|it| it.unit.to_string() == unit) && workload.starts_with("active") {
                return Ok(());
            }
            ensure!(is_woken, "{unit} is `{workload}` {LIMIT:?} after `{service}` was killed");
        }
    }

    pub(super) fn integrate(&mut self, one: &str, other: &str) -> anyhow::Result<()> {
        screen::command(&format!("juju integrate {one} {other}"));
        self.juju.integrate(one, other)?;
        self.run_until_idle()
    }

    pub(super) fn configure(
        &mut self,
        application: &str,
        options: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let words = options.iter().map(|(name, value)| {
            let quote = if value.contains(' ') { "\"" } else { "" };
            format!(" {name}={quote}{value}{quote}")
        });
        screen::command(&format!("juju config {application}{}", words.collect::<String>()));
        self.juju.configure(application, options.iter().copied())?;
        self.run_until_idle()
    }

    pub(super) fn remove_application(&mut self, application: &str) -> anyhow::Result<()> {
        screen::command(&format!("juju remove-application {application}"));
        self.juju.remove_application(application)?;
        self.run_until_idle()
    }

    pub(super) fn action(&mut self, unit: &str, name: &str) -> anyhow::Result<()> {
        screen::command(&format!("juju run {unit} {name}"));
        self.juju.run_action(unit, name, serde_json::json!({}))?;
        self.show_new();
        Ok(())
    }

    /// Lets the time pass after which Juju runs update-status, and has units run it.
    pub(super) fn update_status(&mut self, units: &[&str]) -> anyhow::Result<()> {
        screen::remark("five minutes later");
        self.juju.advance(Duration::from_mins(5))?;
        for unit in units {
            self.juju.update_status(unit)?;
            self.show_new();
        }
        Ok(())
    }

    pub(super) fn show_status(&self) {
        screen::command("juju status");
        screen::text(&self.juju.status().to_string());
    }

    /// Waits until Prometheus scrapes these ports of the machine, and no others,
    /// and shows what it says of them.
    pub(super) fn show_targets(&mut self, ports: &[u16]) -> anyhow::Result<()> {
        let Some(machine) = self.place.machine() else { return Ok(()) };
        let urls = ports.iter().map(|port| format!("http://{ADDRESS}:{port}/metrics"));
        let targets = prometheus::targets(machine, &urls.collect::<Vec<_>>())?;
        // What charms were woken for meanwhile has come of what is above.
        self.run_until_idle()?;
        screen::remark("as Prometheus sees it, at `/api/v1/targets`");
        for Target { job, url, health, seconds } in &targets {
            let time = format!("{:.1} ms", seconds * 1000.0);
            screen::text(&format!("{job:<20} {url:<32} {health:<5} scraped in {time}"));
        }
        Ok(())
    }

    pub(super) fn workload(&self, unit: &str) -> anyhow::Result<String> {
        let status = self.juju.status();
        Ok(status.unit(unit).context("the unit is there")?.workload.to_string())
    }

    fn run_until_idle(&mut self) -> anyhow::Result<()> {
        while self.juju.run_next()? {
            self.show_new();
        }
        Ok(())
    }

    /// Shows the hooks that have run since the last call.
    fn show_new(&mut self) {
        for operation in &self.juju.operations()[self.shown..] {
            let mut changes = changes(operation);
            changes.extend(self.place.new_changes().into_iter().map(|it| format!("machine: {it}")));
            let name = format!("{} {}", operation.unit, event(operation));
            screen::operation(&name, operation.duration, &changes);
        }
        self.shown = self.juju.operations().len();
    }
}

/// Names what was run; of what a daemon has run by `juju-exec`, the charm's event.
fn event(operation: &Operation) -> String {
    let OperationKind::Exec(exec) = &operation.kind else { return operation.kind.to_string() };
    let commands = exec.commands();
    let path = commands.split_once("JUJU_DISPATCH_PATH='hooks/");
    let event = path.and_then(|(_, rest)| rest.split('\'').next());
    event.unwrap_or("juju-exec").to_owned()
}

/// Returns what an operation has changed in the model; if it has failed, why.
fn changes(operation: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    if !operation.exit.is_success() {
        lines.push(format!("failed: {}", operation.exit));
        let errors = operation.log.iter().filter(|line| line.level >= LogLevel::Error);
        lines.extend(errors.map(|line| format!("log: {}", line.message)));
    }
    let changes = operation.changes.iter().map(ToString::to_string);
    // By it the charm knows whether Juju has kept what it did: nobody else's
    // business.
    lines.extend(changes.filter(|change| !change.starts_with("state: charmwright.")));
    lines
}

/// Builds the program that stands for Juju's hook tools.
fn tool_program(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    const NAME: &str = "juju-sim-tool";
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "juju-simulator", "--bin", NAME])
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "cannot build `{NAME}`");
    Ok(workspace.target().join("debug").join(NAME))
}
