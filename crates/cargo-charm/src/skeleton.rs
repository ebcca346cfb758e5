//! The beginning of a charm.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use juju_types::CharmName;
use thiserror::Error;

/// Words that cargo or rustc refuses as the name of a program.
const RESERVED: &str = "\
abstract alloc as async await become box break build const continue core crate
deps do dyn else enum examples extern false final fn for gen if impl in
incremental let loop macro match mod move mut override priv proc-macro pub ref
return self static std struct super test trait true try type typeof unsafe
unsized use virtual where while yield";

/// The crates of Charmwright that the charm depends on.
const DEPENDENCIES: [&str; 3] = ["juju-simulator", "juju-types", "reactive-endpoints"];

const FILES: [(&str, &str); 7] = [
    (".gitignore", include_str!("../template/gitignore")),
    ("Cargo.toml", include_str!("../template/Cargo.toml.in")),
    ("LICENSE", include_str!("../template/LICENSE")),
    ("README.md", include_str!("../template/README.md")),
    ("charmcraft.yaml", include_str!("../template/charmcraft.yaml")),
    ("icon.svg", include_str!("../template/icon.svg")),
    ("src/main.rs", include_str!("../template/src/main.rs")),
];

/// The beginning of a charm: a package that builds, passes its own test, and
/// packs.
///
/// ```no_run
/// use cargo_charm::Skeleton;
///
/// let written = Skeleton::new("my-charm".parse()?).write("charms/my-charm".as_ref())?;
/// assert!(written.files.contains(&"src/main.rs"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Skeleton {
    name: CharmName,
    charmwright: Option<PathBuf>,
}

/// What was written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// The files, by their paths in the charm's folder.
    pub files: Vec<&'static str>,
    /// The `Cargo.toml` of the workspace around the charm, whose `members` must
    /// name it.
    pub workspace: Option<PathBuf>,
}

impl Skeleton {
    /// Begins a charm of this name.
    pub fn new(name: CharmName) -> Self {
        Self { name, charmwright: None }
    }

    /// Takes the crates that the charm depends on from a checkout of
    /// Charmwright. By default they come from the checkout that the charm lies
    /// in, if it does, else from crates.io.
    #[must_use]
    pub fn charmwright(mut self, checkout: impl Into<PathBuf>) -> Self {
        self.charmwright = Some(checkout.into());
        self
    }

    /// Writes the charm into a folder, which must be empty or not be there.
    ///
    /// # Errors
    ///
    /// Returns [`WriteSkeletonError::ReservedName`] if no program can have the
    /// charm's name, [`WriteSkeletonError::NotEmpty`] if there is something in
    /// the folder, [`WriteSkeletonError::NoCheckout`] if the folder given with
    /// [`Skeleton::charmwright`] is none, and [`WriteSkeletonError::Write`] if a
    /// file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Written, WriteSkeletonError> {
        let write_error = |path: &Path| {
            let path = path.to_owned();
            move |source| WriteSkeletonError::Write { path, source }
        };
        let mut taken = RESERVED.split_whitespace().chain(DEPENDENCIES);
        if taken.any(|word| word == self.name.as_str()) {
            return Err(WriteSkeletonError::ReservedName { name: self.name.clone() });
        }
        let folder = std::path::absolute(folder).map_err(write_error(folder))?;
        if fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some()) {
            return Err(WriteSkeletonError::NotEmpty { folder });
        }
        let checkout = self.checkout(&folder)?;
        for (name, template) in FILES {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(&folder);
            fs::create_dir_all(parent).map_err(write_error(parent))?;
            let text = self.fill_in(template, checkout.as_deref());
            fs::write(&path, text).map_err(write_error(&path))?;
        }
        Ok(Written {
            files: FILES.iter().map(|(name, _)| *name).collect(),
            workspace: workspace_around(&folder),
        })
    }

    fn checkout(&self, folder: &Path) -> Result<Option<PathBuf>, WriteSkeletonError> {
        let Some(checkout) = &self.charmwright else {
            return Ok(folder.ancestors().find(|folder| is_checkout(folder)).map(Path::to_owned));
        };
        fs::canonicalize(checkout)
            .ok()
            .filter(|checkout| is_checkout(checkout))
            .map(Some)
            .ok_or_else(|| WriteSkeletonError::NoCheckout { folder: checkout.clone() })
    }

    fn fill_in(&self, template: &str, checkout: Option<&Path>) -> String {
        let mut title = self.name.as_str().replace('-', " ");
        title[..1].make_ascii_uppercase();
        let mut text =
            template.replace("{{name}}", self.name.as_str()).replace("{{title}}", &title);
        for package in DEPENDENCIES {
            let source = match checkout {
                Some(checkout) => {
                    let path = checkout.join("crates").join(package).display().to_string();
                    format!("{{ path = {} }}", toml::Value::from(path))
                }
                // All crates of Charmwright have one version.
                None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
            };
            text = text.replace(&format!("{{{{{package}}}}}"), &source);
        }
        text
    }
}

fn is_checkout(folder: &Path) -> bool {
    folder.join("crates/reactive-endpoints/Cargo.toml").is_file()
}

/// Returns the `Cargo.toml` of the workspace that a new package in `folder`
/// would have to join.
fn workspace_around(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().skip(1).map(|folder| folder.join("Cargo.toml")).find(|manifest| {
        let manifest: Option<toml::Table> =
            fs::read_to_string(manifest).ok().and_then(|text| text.parse().ok());
        manifest.is_some_and(|manifest| manifest.contains_key("workspace"))
    })
}

/// Why the beginning of a charm was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteSkeletonError {
    /// The folder is no checkout of Charmwright.
    #[error("`{folder}` is no checkout of Charmwright: it has no `crates/reactive-endpoints`")]
    NoCheckout {
        /// The folder that was given.
        folder: PathBuf,
    },
    /// There is something in the folder, and it is not to be overwritten.
    #[error("`{folder}` is not empty; choose another folder with `--path`")]
    NotEmpty {
        /// The folder that was to become the charm's.
        folder: PathBuf,
    },
    /// No program can have the charm's name.
    #[error("cargo cannot build a program called `{name}`; choose another name")]
    ReservedName {
        /// The name.
        name: CharmName,
    },
    /// A file or a folder cannot be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}
