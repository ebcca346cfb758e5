//! What a scratch machine remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::machine::Ids;
use crate::output::Output;
use crate::scratch_package::ScratchPackage;

/// What a scratch machine remembers, apart from its files.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) any_package: bool,
    /// What apt finds, once it has fetched its lists.
    pub(super) archive: BTreeMap<String, ScratchPackage>,
    pub(super) lists_fetched: bool,
    pub(super) installed: BTreeMap<String, ScratchPackage>,
    /// Removed packages whose configuration files stay.
    pub(super) removed: BTreeMap<String, ScratchPackage>,
    pub(super) holds: BTreeSet<String>,
    /// The snaps of the store, with their versions.
    pub(super) store: BTreeMap<String, String>,
    pub(super) snaps: BTreeMap<String, InstalledSnap>,
    pub(super) active: BTreeSet<String>,
    pub(super) enabled: BTreeSet<String>,
    /// Whether unit files changed that systemd has not read.
    pub(super) units_outdated: bool,
    pub(super) failures: Vec<Failure>,
    /// The owners of files, where it is not root: user and group.
    owners: BTreeMap<String, (u32, u32)>,
    #[serde(skip)]
    pub(super) new_changes: Vec<String>,
    #[serde(skip)]
    pub(super) new_commands: Vec<String>,
}

impl State {
    pub(super) fn load(file: &Path) -> io::Result<Self> {
        serde_json::from_slice(&fs::read(file)?).map_err(io::Error::other)
    }

    pub(super) fn save(&self, file: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        // A process that is killed while it writes must not spoil the machine.
        let unfinished = file.with_extension("new");
        fs::write(&unfinished, text + "\n")?;
        fs::rename(unfinished, file)
    }

    pub(super) fn note(&mut self, change: impl Into<String>) {
        self.new_changes.push(change.into());
    }

    /// Notes a command, and returns the failure that was prepared for it.
    pub(super) fn run(&mut self, line: &str) -> Option<Output> {
        self.new_commands.push(line.to_owned());
        let meant = |failure: &Failure| {
            line.strip_prefix(&failure.words)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let failure = self.failures.remove(self.failures.iter().position(meant)?);
        Some(Output::exited(failure.code, failure.stdout, failure.stderr))
    }

    /// Notes the owner of a file that was made or changed; nothing means root.
    pub(super) fn set_ids(&mut self, key: &str, ids: Option<Ids>) {
        self.owners.remove(key);
        if let Some(ids) = ids.filter(|ids| *ids != Ids::ROOT) {
            self.owners.insert(key.to_owned(), (ids.user, ids.group));
        }
    }

    /// Forgets the owners of what was removed.
    pub(super) fn forget_ids(&mut self, key: &str) {
        let below = format!("{key}/");
        self.owners.retain(|path, _| path != key && !path.starts_with(&below));
    }

    pub(super) fn ids(&self, key: &str) -> Ids {
        self.owners.get(key).map_or(Ids::ROOT, |&(user, group)| Ids { user, group })
    }

    pub(super) fn packages(&self) -> BTreeMap<String, InstalledPackage> {
        let look = |(name, package): (&String, &ScratchPackage)| {
            let held = self.holds.contains(name);
            (name.clone(), InstalledPackage { version: package.version.clone(), held })
        };
        self.installed.iter().map(look).collect()
    }
}

/// How a command is to fail that is still to come.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Failure {
    pub(super) words: String,
    pub(super) code: i32,
    pub(super) stderr: Vec<u8>,
    pub(super) stdout: Vec<u8>,
}

/// A package that is installed on a scratch machine.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InstalledPackage {
    /// The version.
    pub version: String,
    /// Whether it is on hold.
    pub held: bool,
}

/// A snap that is installed on a scratch machine.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InstalledSnap {
    /// The version.
    pub version: String,
    /// The channel that it follows, with track and risk.
    pub channel: String,
    /// Whether it was installed without confinement.
    pub classic: bool,
    /// Whether it is on hold.
    pub held: bool,
    /// How often it was installed or refreshed.
    pub revision: u32,
}

/// A service that a scratch machine knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ServiceState {
    /// Whether it runs.
    pub active: bool,
    /// Whether it starts with the machine.
    pub enabled: bool,
    /// Whether somebody forbade to start it.
    pub masked: bool,
}
