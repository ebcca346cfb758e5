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
            "Juju is simulated. The machine is real: a systemd of its own, over a throw-away copy\n\
                 of this machine, where Debian's packages are installed. Your own stays as it is."
                .to_owned()
        }
        Some(reason) => format!(
            "Left out: a real machine ({reason}).\n\
             A folder stands for it: packages and services are noted down there, not installed.\n\
             Juju is simulated. The charms are real: their files, their processes and their calls\n\
             of Juju's hook tools."
        ),
    });

    let exporter = pack(workspace, EXPORTER)?;
    let prometheus = pack(workspace, PROMETHEUS)?;
    let place = Place::new(workspace, missing.is_none())?;
    let mut theatre = Theatre::new(workspace, place)?;
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
    theatre.show_targets(&[9100])?;

    theatre.configure("exporter", &[("port", "9200"), ("collectors", "systemd, -wifi")])?;
    theatre.show_targets(&[9200])?;

    screen::remark("a value that cannot be");
    theatre.configure("exporter", &[("port", "99999")])?;
    theatre.configure("exporter", &[("port", "9200")])?;

    screen::remark("one more on the same machine");
    theatre.deploy(exporter, "second", &[("port", "9300")])?;
    theatre.integrate("second:prometheus", "prometheus:manual-jobs")?;
    theatre.show_targets(&[9200, 9300])?;
    theatre.action("prometheus/0", "list-jobs")?;
    theatre.action("exporter/0", "show-endpoint")?;

    theatre.kill_service("exporter/0", "exporter-0-node-exporter")?;
    theatre.show_targets(&[9200, 9300])?;

    let units = ["exporter/0", "prometheus/0", "second/0"];
    theatre.update_status(&units)?;
    theatre.show_status();
    for unit in units {
        let workload = theatre.workload(unit)?;
        ensure!(workload.starts_with("active"), "{unit} ended as `{workload}`");
    }

    theatre.remove_application("second")?;
    theatre.show_targets(&[9200])
}

/// Leaves away the part of a path that the reader knows.
fn shortened(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).map(|path| Path::new(".").join(path));
    below.as_deref().unwrap_or(path).display().to_string()
}
