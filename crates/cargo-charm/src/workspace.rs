//! A cargo workspace, and the charms in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::MetadataCommand;
use thiserror::Error;

use crate::{Cargo, CharmCrate, ProgramError, cargo::Program};

/// A cargo workspace, or a single package, with the charms in it.
///
/// A member is a charm if it has a program and its folder holds
/// `charmcraft.yaml` or `metadata.yaml`.
///
/// ```no_run
/// use std::path::Path;
///
/// use cargo_charm::Workspace;
///
/// let workspace = Workspace::load(Path::new("Cargo.toml"))?;
/// for charm in workspace.charms() {
///     println!("{}: {}", charm.name(), charm.folder().display());
/// }
/// # Ok::<(), cargo_charm::WorkspaceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    charms: Vec<CharmCrate>,
}

impl Workspace {
    /// Loads the workspace that a `Cargo.toml` belongs to, with the environment
    /// of this process.
    ///
    /// # Errors
    ///
    /// As for [`Workspace::load_with`].
    pub fn load(manifest_path: &Path) -> Result<Self, WorkspaceError> {
        Self::load_with(&Cargo::from_environment(), manifest_path)
    }

    /// Loads the workspace that a `Cargo.toml` belongs to.
    ///
    /// Wraps [`cargo metadata`](https://doc.rust-lang.org/cargo/commands/cargo-metadata.html).
    ///
    /// # Errors
    ///
    /// Returns [`WorkspaceError::NoManifest`] if there is no such file,
    /// [`WorkspaceError::Program`] if cargo does not start or refuses the
    /// workspace, [`WorkspaceError::Metadata`] if its answer is not understood,
    /// and [`WorkspaceError::SameName`] if two charms would be packed as one
    /// file.
    pub fn load_with(cargo: &Cargo, manifest_path: &Path) -> Result<Self, WorkspaceError> {
        let manifest_path =
            std::path::absolute(manifest_path)
                .ok()
                .filter(|path| path.is_file())
                .ok_or_else(|| WorkspaceError::NoManifest { path: manifest_path.to_owned() })?;
        let folder = manifest_path.parent().unwrap_or(&manifest_path);
        let mut arguments = vec!["metadata", "--no-deps", "--format-version=1", "--manifest-path"];
        let path = manifest_path.to_string_lossy();
        arguments.push(&path);
        arguments.extend(cargo.arguments().iter().map(String::as_str));
        let answer = cargo.output(Program::Cargo, arguments, folder)?;
        let metadata = MetadataCommand::parse(answer)
            .map_err(|source| WorkspaceError::Metadata { source: Box::new(source) })?;
        let mut charms: Vec<CharmCrate> = metadata
            .workspace_packages()
            .into_iter()
            .filter_map(|package| CharmCrate::find(cargo, &metadata, package))
            .collect();
        charms.sort_by(|a, b| a.name().cmp(b.name()));
        if let Some([first, second]) = charms.array_windows().find(|[a, b]| a.name() == b.name()) {
            return Err(WorkspaceError::SameName {
                name: first.name().to_owned(),
                first: first.folder().to_owned(),
                second: second.folder().to_owned(),
            });
        }
        Ok(Self { root: metadata.workspace_root.into_std_path_buf(), charms })
    }

    /// Returns the folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the charms, ordered by name.
    pub fn charms(&self) -> &[CharmCrate] {
        &self.charms
    }

    /// Returns the charm of this name; the name of its package will do, too.
    ///
    /// # Errors
    ///
    /// Returns [`WorkspaceError::UnknownCharm`] if there is none.
    pub fn charm(&self, name: &str) -> Result<&CharmCrate, WorkspaceError> {
        let by_name = self.charms.iter().find(|charm| charm.name() == name);
        by_name.or_else(|| self.charms.iter().find(|charm| charm.package() == name)).ok_or_else(
            || {
                let names = self.charms.iter().map(|charm| charm.name().to_owned()).collect();
                WorkspaceError::UnknownCharm { name: name.to_owned(), names }
            },
        )
    }

    /// Returns the charms that are meant by somebody who stands in `folder`:
    /// the charm that the folder belongs to, else all of them.
    ///
    /// # Errors
    ///
    /// Returns [`WorkspaceError::NoCharm`] if the workspace has none.
    pub fn charms_at(&self, folder: &Path) -> Result<&[CharmCrate], WorkspaceError> {
        if self.charms.is_empty() {
            return Err(WorkspaceError::NoCharm { root: self.root.clone() });
        }
        let real = |folder: &Path| fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let nearest = real(folder)
            .ancestors()
            .find_map(|folder| self.charms.iter().position(|charm| real(charm.folder()) == folder));
        Ok(nearest.map_or(&self.charms, |index| &self.charms[index..=index]))
    }
}

/// Why a charm was not found.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// Cargo's answer is not what this crate knows.
    #[error("cannot understand the answer of `cargo metadata`")]
    Metadata {
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The workspace has no charm.
    #[error(
        "there is no charm in `{root}`: a charm is a package with a program and with \
         `charmcraft.yaml` or `metadata.yaml` beside its `Cargo.toml`; `cargo charm new` writes one"
    )]
    NoCharm {
        /// The folder of the workspace.
        root: PathBuf,
    },
    /// There is no such `Cargo.toml`.
    #[error("there is no file `{path}`")]
    NoManifest {
        /// The path that was given.
        path: PathBuf,
    },
    /// Cargo did not start, or refused the workspace.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// Two charms have one name, so that one package would replace the other.
    #[error(
        "two charms are called `{name}`: the one in `{first}` and the one in `{second}`; give one \
         of them another name"
    )]
    SameName {
        /// The name of both.
        name: String,
        /// The folder of one charm.
        first: PathBuf,
        /// The folder of the other.
        second: PathBuf,
    },
    /// No charm of the workspace has this name.
    #[error("there is no charm `{name}` here; there is {}", list(names))]
    UnknownCharm {
        /// The name that was asked for.
        name: String,
        /// The names of the charms that are there.
        names: Vec<String>,
    },
}

fn list(names: &[String]) -> String {
    match names {
        [] => "none at all".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}
