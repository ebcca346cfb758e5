//! `cargo xtask demo`: packs the example charms and plays their life in a
//! simulated Juju model, on a real machine where there can be one.

mod place;
mod prometheus;
mod screen;
mod theatre;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use cargo_charm::{PackOptions, Packed, Step};

use crate::{
    demo::{place::Place, theatre::Theatre},
    flags::DemoFlags,
    member::Workspace,
};

const EXPORTER: &str = "example-exporter";
const PROMETHEUS: &str = "example-prometheus";

pub(crate) fn run(workspace: &Workspace, flags: &DemoFlags) -> anyhow::Result<ExitCode> {
    screen::title("Two charms in Rust: packed, deployed, related, changed, removed");
    let missing = Place::missing(workspace, flags);
    screen::text(&match &missing {
        None => {
            "Juju is simulated. The machine is real: a systemd of its own boots over a throw-away\n\
                 copy of this machine, and Debian's packages are installed there. Nothing changes\n\
                 here."
                .to_owned()
        }
        Some(reason) => format!(
            "Left out: a real machine ({reason}).\n\
             It is a scratch folder: packages and services are noted down there, not installed.\n\
             Juju is simulated; the charms, their packages, their processes and their calls to\n\
             Juju are real."
        ),
    });

    let exporter = pack(workspace, EXPORTER)?;
    let prometheus = pack(workspace, PROMETHEUS)?;
    let place = Place::new(workspace, missing.is_none())?;
    let mut theatre = Theatre::new(place, theatre::tool_program(workspace)?)?;
    play(&mut theatre, &exporter, &prometheus)?;

    screen::title("Deploy them to a real Juju with");
    for name in [EXPORTER, PROMETHEUS] {
        screen::text(&format!(
            "cargo charm pack --charm {name} --out . && juju deploy ./{name}_*.charm"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn pack(workspace: &Workspace, charm: &str) -> anyhow::Result<PathBuf> {
    screen::command(&format!("cargo charm pack --charm {charm}"));
    let charms = cargo_charm::Workspace::load(&workspace.root().join("Cargo.toml"))?;
    let mut progress = |step: Step<'_>| {
        if let Step::Cargo(line) = step {
            screen::progress(line);
        }
    };
    let packed: Packed =
        cargo_charm::pack_with(charms.charm(charm)?, &PackOptions::default(), &mut progress)
            .with_context(|| format!("cannot pack `{charm}`"))?;
    screen::packed(&packed, workspace.root());
    Ok(packed.path)
}

fn play(theatre: &mut Theatre, exporter: &Path, prometheus: &Path) -> anyhow::Result<()> {
    theatre.deploy(exporter, "exporter", &[])?;
    theatre.deploy(prometheus, "prometheus", &[("scrape-interval", "1s")])?;
    theatre.integrate("exporter:prometheus", "prometheus:manual-jobs")?;
    theatre.show_targets(1)?;

    theatre.configure("exporter", &[("port", "9200"), ("collectors", "systemd, -wifi")])?;
    theatre.show_targets(1)?;

    screen::remark("a value that cannot be");
    theatre.configure("exporter", &[("port", "99999")])?;
    theatre.configure("exporter", &[("port", "9200")])?;

    screen::remark("one more on the same machine");
    theatre.deploy(exporter, "second", &[("port", "9300")])?;
    theatre.integrate("second:prometheus", "prometheus:manual-jobs")?;
    theatre.show_targets(2)?;
    theatre.action("prometheus/0", "list-jobs")?;
    theatre.action("exporter/0", "show-endpoint")?;

    theatre.kill_service("exporter/0", "exporter-0-node-exporter")?;

    screen::remark("five minutes later");
    for unit in ["exporter/0", "prometheus/0", "second/0"] {
        theatre.update_status(unit)?;
    }
    theatre.show_status();
    for unit in ["exporter/0", "prometheus/0", "second/0"] {
        let status = theatre.juju.status();
        let workload = status.unit(unit).context("the unit is there")?.workload.to_string();
        ensure!(workload.starts_with("active"), "{unit} ended as `{workload}`");
    }

    theatre.remove_application("second")?;
    screen::remark("in the end, as Prometheus sees it");
    theatre.show_targets(1)
}

/// Leaves away the part of a path that the reader knows.
fn shortened<'a>(path: &'a Path, root: &Path) -> std::path::Display<'a> {
    path.strip_prefix(root).unwrap_or(path).display()
}
