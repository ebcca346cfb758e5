//! A package of a workspace that is a charm.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    fs, io,
    path::{Path, PathBuf},
};

use cargo_metadata::{Metadata, Package, TargetKind};
use juju_types::CharmFiles;
use thiserror::Error;

use crate::{Cargo, Finding};

/// A package of a workspace that is a charm: it has a program, and its folder
/// holds `charmcraft.yaml` or `metadata.yaml`.
///
/// [`Workspace::charms`](crate::Workspace::charms) finds them.
#[derive(Clone, Debug)]
pub struct CharmCrate {
    name: String,
    package: String,
    package_version: String,
    folder: PathBuf,
    programs: Vec<String>,
    named_program: Option<String>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
    cargo: Cargo,
}

impl CharmCrate {
    /// Takes the package if it is a charm. A library beside a `metadata.yaml`
    /// of some other kind is none.
    pub(crate) fn find(cargo: &Cargo, metadata: &Metadata, package: &Package) -> Option<Self> {
        let folder = package.manifest_path.parent()?;
        let programs: Vec<String> = package
            .targets
            .iter()
            .filter(|target| target.is_kind(TargetKind::Bin))
            .map(|target| target.name.clone())
            .collect();
        let is_charm = folder.join("charmcraft.yaml").is_file()
            || (folder.join("metadata.yaml").is_file() && !programs.is_empty());
        is_charm.then(|| Self {
            name: name_in(folder.as_std_path()).unwrap_or_else(|| package.name.to_string()),
            package: package.name.to_string(),
            package_version: package.version.to_string(),
            folder: folder.as_std_path().to_owned(),
            programs,
            named_program: package
                .metadata
                .pointer("/charm/bin")
                .and_then(|name| name.as_str())
                .map(str::to_owned),
            workspace_root: metadata.workspace_root.as_std_path().to_owned(),
            target_directory: metadata.target_directory.as_std_path().to_owned(),
            cargo: cargo.clone(),
        })
    }

    /// Returns the name of the package in its `Cargo.toml`.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// Returns the folder that holds its `Cargo.toml` and its YAML files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the name of the charm in its YAML files, or that of the package
    /// if they do not say one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the program that becomes `dispatch`: the one that
    /// `[package.metadata.charm] bin = "…"` in `Cargo.toml` names, else the
    /// only one.
    ///
    /// # Errors
    ///
    /// Returns an error if the package has no program, has several and names
    /// none, or names one that is not there.
    pub fn program(&self) -> Result<&str, ChooseProgramError> {
        let error = |reason| {
            let programs = self.programs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
            ChooseProgramError {
                package: self.package.clone(),
                programs: programs.join(", "),
                reason,
            }
        };
        match (&self.named_program, self.programs.as_slice()) {
            (_, []) => Err(error(Reason::None)),
            (Some(name), programs) if programs.contains(name) => Ok(name),
            (Some(name), _) => Err(error(Reason::Unknown(name.clone()))),
            (None, [program]) => Ok(program),
            (None, _) => Err(error(Reason::Several)),
        }
    }

    /// Reads the YAML files. The error has a finding for each that is there and
    /// cannot be read.
    pub(crate) fn yaml_files(&self) -> Result<CharmFiles, Vec<Finding>> {
        let mut unreadable = Vec::new();
        let Ok(files) = CharmFiles::read(|name| {
            let reason = match fs::read_to_string(self.folder.join(name)) {
                Ok(text) => return Ok::<_, Infallible>(Some(text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    "it is not UTF-8 text".to_owned()
                }
                Err(error) => error.to_string(),
            };
            unreadable.push(Finding::Unreadable { file: name.to_owned(), reason });
            Ok(None)
        });
        if unreadable.is_empty() { Ok(files) } else { Err(unreadable) }
    }

    /// Returns the licence texts by file name: `LICENSE`, `LICENSE.…` and
    /// `LICENSE-…` of the charm's folder or, if it has none, of the
    /// workspace's.
    pub(crate) fn licences(&self) -> BTreeMap<String, PathBuf> {
        [&self.folder, &self.workspace_root]
            .into_iter()
            .map(|folder| licences_in(folder))
            .find(|licences| !licences.is_empty())
            .unwrap_or_default()
    }

    pub(crate) fn cargo(&self) -> &Cargo {
        &self.cargo
    }

    pub(crate) fn package_version(&self) -> &str {
        &self.package_version
    }

    pub(crate) fn target_directory(&self) -> &Path {
        &self.target_directory
    }

    pub(crate) fn workspace_root(&self) -> &Path {
        &self.workspace_root
    }
}

/// Looks for the name of a charm in files that may have faults.
fn name_in(folder: &Path) -> Option<String> {
    ["metadata.yaml", "charmcraft.yaml"].into_iter().find_map(|file| {
        let text = fs::read_to_string(folder.join(file)).ok()?;
        let value = text.lines().find_map(|line| line.strip_prefix("name:"))?;
        let name = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
        (!name.is_empty()).then(|| name.to_owned())
    })
}

fn licences_in(folder: &Path) -> BTreeMap<String, PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter(|file| file.path().is_file())
        .filter_map(|file| Some((file.file_name().into_string().ok()?, file.path())))
        .filter(|(name, _)| {
            let rest = name.strip_prefix("LICENSE");
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
        })
        .collect()
}

/// A package does not say which of its programs is the charm; the message says
/// what to write where.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub struct ChooseProgramError {
    package: String,
    programs: String,
    reason: Reason,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Reason {
    None,
    Several,
    Unknown(String),
}

impl std::fmt::Display for ChooseProgramError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { package, programs, reason } = self;
        match reason {
            Reason::None => write!(f, "package `{package}` has no program: add `src/main.rs`"),
            Reason::Several => write!(
                f,
                "package `{package}` has several programs ({programs}): name the charm's with \
                 `bin = \"…\"` under `[package.metadata.charm]` in its `Cargo.toml`"
            ),
            Reason::Unknown(name) => write!(
                f,
                "package `{package}` has no program `{name}`, which its `Cargo.toml` names under \
                 `[package.metadata.charm]`; it has {programs}"
            ),
        }
    }
}
