//! Where the charms work: a real machine, or a folder that they take for one.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Context;
use throwaway_machine::ThrowawayMachine;

use crate::{debian_packages, demo::screen, flags::DemoFlags, member::Workspace};

/// What the machine is to Juju.
pub(super) const BASE: &str = "ubuntu@24.04";

/// The address of the first machine of a model.
pub(super) const ADDRESS: &str = "10.0.0.11";

/// How long anything on the machine may take.
const LIMIT: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(super) enum Place {
    /// A real systemd.
    Machine(Box<ThrowawayMachine>),
    /// A folder, and how many lines of its list of changes were shown.
    Scratch { folder: PathBuf, shown: usize },
}

impl Place {
    /// Says why there cannot be a real machine.
    pub(super) fn missing(workspace: &Workspace, flags: &DemoFlags) -> Option<String> {
        if flags.scratch {
            return Some("by `--scratch`".to_owned());
        }
        let missing = ThrowawayMachine::missing();
        missing.or_else(|| Some(format!("{:#}", debian_packages::make(workspace).err()?)))
    }

    pub(super) fn new(workspace: &Workspace, is_real: bool) -> anyhow::Result<Self> {
        screen::command(&format!("juju add-machine --base {BASE}"));
        if !is_real {
            let folder = workspace.target().join("demo");
            let shown = super::shortened(&folder, workspace.root());
            screen::text(&format!("the folder {shown} stands for it"));
            return Self::scratch(folder);
        }
        let start = Instant::now();
        let machine = ThrowawayMachine::builder()
            .host_name("juju-0")
            .apt_archive(workspace.target().join("debian-packages/archive"))
            .time_limit(LIMIT)
            // The daemons of charms, which are there.
            .shows_shared_dir_to("juju-")
            .boot()?;
        let address = format!("{ADDRESS}/32");
        let _ = machine.run(["ip", "address", "add", &address, "dev", "lo"])?.success()?;
        let seconds = start.elapsed().as_secs_f64();
        screen::text(&format!("a systemd of its own is up after {seconds:.1} s"));
        Ok(Self::Machine(Box::new(machine)))
    }

    /// Makes a new, empty folder; what an earlier demo left there is removed.
    fn scratch(folder: PathBuf) -> anyhow::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty `{}`", folder.display()))?;
        }
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        Ok(Self::Scratch { folder, shown: 0 })
    }

    pub(super) fn machine(&self) -> Option<&ThrowawayMachine> {
        match self {
            Self::Machine(machine) => Some(machine),
            Self::Scratch { .. } => None,
        }
    }

    /// Returns what has happened to a folder since the last call.
    pub(super) fn new_changes(&mut self) -> Vec<String> {
        let Self::Scratch { folder, shown } = self else { return Vec::new() };
        // There is no list before the first change.
        let list = fs::read_to_string(folder.join("changes.txt")).unwrap_or_default();
        // Its root is that of the machine.
        let root = folder.join("root").display().to_string();
        let changes = list.lines().skip(*shown).map(|line| line.replace(&root, ""));
        let changes = changes.collect::<Vec<_>>();
        *shown += changes.len();
        changes
    }
}
