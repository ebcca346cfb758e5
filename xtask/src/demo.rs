//! `cargo xtask demo`: packs the example charm and plays its life against a
//! simulated Juju model.

mod machine;
mod screen;
mod theatre;

use std::{path::Path, process::ExitCode};

use anyhow::{Context, ensure};
use cargo_charm::{PackOptions, Packed, Step};

use crate::{
    demo::{machine::Machine, theatre::Theatre},
    member::Workspace,
};

const CHARM: &str = "example-exporter";
const UNIT: &str = "exporter/0";

pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<ExitCode> {
    screen::title("A charm in Rust: packed, deployed, configured, removed");
    screen::text(
        "Left out: the machine is a scratch folder. Packages and services are noted down there,\n\
         not installed, so that nothing changes on this machine. Juju is simulated; the charm,\n\
         its package, its processes and its calls to Juju are real.",
    );

    screen::command(&format!("cargo charm pack --charm {CHARM}"));
    let packed = pack(workspace)?;
    screen::packed(&packed, workspace.root());

    let machine = Machine::new(&workspace.target().join("demo"))?;
    let mut theatre = Theatre::new(machine, theatre::tool_program(workspace)?);
    play(&mut theatre, &packed.path)?;

    screen::title("Deploy it to a real Juju with");
    screen::text(&format!("juju deploy ./{}", shortened(&packed.path, workspace.root())));
    Ok(ExitCode::SUCCESS)
}

fn pack(workspace: &Workspace) -> anyhow::Result<Packed> {
    let charms = cargo_charm::Workspace::load(&workspace.root().join("Cargo.toml"))?;
    let mut progress = |step: Step<'_>| {
        if let Step::Cargo(line) = step {
            screen::progress(line);
        }
    };
    cargo_charm::pack_with(charms.charm(CHARM)?, &PackOptions::default(), &mut progress)
        .with_context(|| format!("cannot pack `{CHARM}`"))
}

fn play(theatre: &mut Theatre, package: &Path) -> anyhow::Result<()> {
    let file = package.file_name().unwrap_or_default().to_string_lossy();
    screen::command(&format!("juju deploy ./{file} exporter"));
    theatre.juju.deploy(package, "exporter")?;
    theatre.run_until_idle()?;

    screen::command("juju config exporter port=9200 collectors=\"systemd, -wifi\"");
    theatre.juju.configure("exporter", [("port", "9200"), ("collectors", "systemd, -wifi")])?;
    theatre.run_until_idle()?;

    screen::command("juju config exporter port=99999");
    theatre.juju.configure("exporter", [("port", "99999")])?;
    theatre.run_until_idle()?;

    screen::command("juju config exporter port=9200");
    theatre.juju.configure("exporter", [("port", "9200")])?;
    theatre.run_until_idle()?;

    theatre.action("show-endpoint")?;
    theatre.action("restart")?;

    screen::remark("five minutes later");
    theatre.juju.update_status(UNIT)?;
    theatre.show_new();

    screen::command("juju status");
    theatre.show_status();
    let status = theatre.juju.status();
    let unit = status.unit(UNIT).context("the unit is there")?;
    ensure!(unit.workload.to_string() == "active", "the unit ended as `{}`", unit.workload);

    screen::command("juju remove-application exporter");
    theatre.juju.remove_application("exporter")?;
    theatre.run_until_idle()
}

/// Leaves away the part of a path that the reader knows.
fn shortened<'a>(path: &'a Path, root: &Path) -> std::path::Display<'a> {
    path.strip_prefix(root).unwrap_or(path).display()
}
