//! The rules by which Juju accepts and unpacks a package.

use juju_types::{Architecture, Charm, CharmFiles};

use crate::{
    Package, PackageEntry, PackageFault, PackageFaults, elf::Executable, package::EntryKind,
    version::MAXIMUM_CHARACTERS,
};

const DISPATCH: &str = "dispatch";

impl Package {
    /// Checks the package by the rules of `juju deploy` and of the unit that
    /// unpacks it, for Juju 2.9 to 4.
    ///
    /// # Errors
    ///
    /// Returns all that Juju would refuse.
    pub fn check(&self) -> Result<(), PackageFaults> {
        let mut faults = Faults(Vec::new());
        self.check_entries(&mut faults);
        self.check_program(&mut faults);
        self.check_texts(&mut faults);
        match self.yaml() {
            Ok(charm) => self.check_architecture(&charm, &mut faults),
            Err(found) => faults.0.extend(found),
        }
        PackageFaults::new(faults.0).map_or(Ok(()), Err)
    }

    fn check_entries(&self, faults: &mut Faults) {
        if self.has_equal_names {
            faults.add("*", "is not one file: two entries have the same name");
        }
        if self.entries().iter().any(|entry| entry.mode.is_none()) {
            faults.add("*", "was written without Unix modes, so nothing in it could be executed");
        }
        for entry in self.entries() {
            let name = entry.name.as_str();
            if entry.contents.is_none() {
                faults.add(name, "is encrypted, or neither stored nor deflated");
            }
            if !is_plain_name(name) {
                faults.add(name, "is no plain name: it has a `\\`, or an empty, `.` or `..` part");
            }
            match entry.kind() {
                EntryKind::Unknown => {
                    faults.add(name, "is neither a file nor a folder nor a symbolic link");
                }
                EntryKind::Symlink => check_symlink(entry, faults),
                EntryKind::Directory if entry.mode.is_some_and(|mode| mode & 0o500 != 0o500) => {
                    faults.add(name, "is a folder that its owner could not enter");
                }
                EntryKind::Directory | EntryKind::File => {}
            }
        }
    }

    fn check_program(&self, faults: &mut Faults) {
        let Some(dispatch) = self.entry(DISPATCH) else {
            let is_hook = |entry: &PackageEntry| {
                let name = entry.name.strip_prefix("hooks/");
                name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
            };
            if !self.entries().iter().any(is_hook) {
                faults.add(DISPATCH, "is missing, and there are no hooks either");
            }
            return;
        };
        match dispatch.kind() {
            EntryKind::File => {
                if dispatch.mode.is_some_and(|mode| mode & 0o100 == 0) {
                    faults.add(DISPATCH, "has no executable bit, so every hook would fail");
                }
            }
            EntryKind::Symlink => {
                if dispatch.text().is_some_and(|target| self.entry(target).is_none()) {
                    faults.add(DISPATCH, "is a symbolic link to nothing");
                }
            }
            EntryKind::Directory | EntryKind::Unknown => {
                faults.add(DISPATCH, "is no program");
            }
        }
    }

    fn check_texts(&self, faults: &mut Faults) {
        for name in ["metadata.yaml", "manifest.yaml"] {
            if self.entry(name).is_none() {
                faults.add(name, "is missing");
            }
        }
        if let Some(version) = self.entry("version").and_then(PackageEntry::text) {
            let first = version.lines().next().unwrap_or_default();
            if first.chars().count() > MAXIMUM_CHARACTERS {
                faults.add("version", "is longer than the 100 characters that Juju shows");
            }
        }
        if let Some(revision) = self.entry("revision").and_then(PackageEntry::text)
            && revision.trim().parse::<i32>().is_err()
        {
            faults.add("revision", "is no integer");
        }
    }

    fn yaml(&self) -> Result<Charm, Vec<PackageFault>> {
        let files = CharmFiles::read(|name| match self.entry(name) {
            // Juju never reads it; a packer may leave it in.
            _ if name == "charmcraft.yaml" => Ok(None),
            None => Ok(None),
            Some(PackageEntry { contents: None, .. }) => Err(Vec::new()),
            Some(entry) => entry.text().map(|text| Some(text.to_owned())).ok_or_else(|| {
                vec![PackageFault::Entry { entry: name.to_owned(), problem: "is no text".into() }]
            }),
        })?;
        // That it is not there has been told, and so has what cannot be unpacked.
        if files.metadata.is_none() {
            return Err(Vec::new());
        }
        let charm = Charm::from_files(&files)
            .map_err(|faults| faults.iter().cloned().map(PackageFault::Yaml).collect::<Vec<_>>())?;
        if files.manifest.is_some() && charm.bases().is_empty() {
            let problem = "names no base, and Juju deploys none without".to_owned();
            return Err(vec![PackageFault::Entry { entry: "manifest.yaml".into(), problem }]);
        }
        Ok(charm)
    }

    fn check_architecture(&self, charm: &Charm, faults: &mut Faults) {
        let program = self.entry(DISPATCH).and_then(|entry| entry.contents.as_deref());
        // A script runs on all architectures.
        let Some(Ok(program)) = program.map(Executable::parse) else {
            return;
        };
        let is_promised = |architecture: Architecture| {
            charm.bases().iter().all(|base| {
                base.architectures.as_ref().is_none_or(|all| all.contains(&architecture))
            })
        };
        match program.architecture() {
            Some(architecture) if is_promised(architecture) => {}
            Some(architecture) => faults.add(
                DISPATCH,
                &format!("is a program for {architecture}, which `manifest.yaml` does not name"),
            ),
            None => faults.add(DISPATCH, "is a program for no architecture of Juju's"),
        }
    }
}

/// The faults found so far.
struct Faults(Vec<PackageFault>);

impl Faults {
    fn add(&mut self, entry: &str, problem: &str) {
        let (entry, problem) = (entry.to_owned(), problem.to_owned());
        self.0.push(PackageFault::Entry { entry, problem });
    }
}

fn check_symlink(entry: &PackageEntry, faults: &mut Faults) {
    let Some(target) = entry.text() else {
        faults.add(&entry.name, "is a symbolic link whose target is no text");
        return;
    };
    if target.starts_with('/') {
        faults.add(&entry.name, &format!("is a symbolic link to `{target}`, which is absolute"));
    } else if leads_out(&entry.name, target) {
        faults.add(
            &entry.name,
            &format!("is a symbolic link to `{target}`, which leads out of the charm"),
        );
    }
}

fn is_plain_name(name: &str) -> bool {
    let name = name.strip_suffix('/').unwrap_or(name);
    !name.contains('\\') && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Tells whether a relative symbolic link leaves the folder that the package is
/// unpacked into.
fn leads_out(link: &str, target: &str) -> bool {
    let mut depth = link.matches('/').count();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}
