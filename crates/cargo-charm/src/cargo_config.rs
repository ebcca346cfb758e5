//! What the author's own cargo configuration says that packing must respect.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml::Table;

use crate::{Cargo, Triple};

/// The [configuration] that cargo reads in a folder: its files, nearest first,
/// and the variables that stand for their keys.
///
/// A file that cannot be read or parsed is left out: cargo names its fault
/// better than we would.
///
/// [configuration]: https://doc.rust-lang.org/cargo/reference/config.html
#[derive(Debug)]
pub(crate) struct CargoConfig {
    cargo: Cargo,
    files: Vec<Table>,
}

impl CargoConfig {
    pub(crate) fn load(cargo: &Cargo, folder: &Path) -> Self {
        let mut folders: Vec<PathBuf> = folder.ancestors().map(|f| f.join(".cargo")).collect();
        folders.extend(cargo_home(cargo).filter(|home| !folders.contains(home)));
        let files = folders
            .iter()
            .flat_map(|folder| [folder.join("config.toml"), folder.join("config")])
            .filter_map(|file| fs::read_to_string(file).ok()?.parse().ok())
            .collect();
        Self { cargo: cargo.clone(), files }
    }

    /// Tells whether `[build]` has flags for rustc.
    pub(crate) fn has_build_flags(&self) -> bool {
        self.cargo.variable("CARGO_BUILD_RUSTFLAGS").is_some()
            || self.files.iter().any(|file| value(file, &["build", "rustflags"]).is_some())
    }

    /// Tells whether `[target.…]` has flags for rustc. A `cfg(…)` is taken to
    /// match: most are written for the machine they lie on.
    pub(crate) fn has_target_flags(&self, triple: &Triple) -> bool {
        self.has_target_key(triple, "rustflags")
    }

    /// Tells whether `[target.…]` names a linker.
    pub(crate) fn has_linker(&self, triple: &Triple) -> bool {
        self.has_target_key(triple, "linker")
    }

    /// Tells whether a profile is defined.
    pub(crate) fn has_profile(&self, name: &str) -> bool {
        self.files.iter().any(|file| value(file, &["profile", name]).is_some())
    }

    fn has_target_key(&self, triple: &Triple, key: &str) -> bool {
        let variable =
            format!("CARGO_TARGET_{triple}_{key}").to_uppercase().replace(['-', '.'], "_");
        let mut targets = self
            .files
            .iter()
            .filter_map(|file| file.get("target")?.as_table())
            .flatten()
            .filter(|(name, _)| *name == triple.as_str() || name.starts_with("cfg("));
        self.cargo.variable(&variable).is_some()
            || targets.any(|(_, target)| target.get(key).is_some())
    }
}

/// Returns the folder of cargo's own files.
pub(crate) fn cargo_home(cargo: &Cargo) -> Option<PathBuf> {
    let home = || Some(Path::new(cargo.variable("HOME")?).join(".cargo"));
    cargo.variable("CARGO_HOME").map(PathBuf::from).or_else(home)
}

fn value<'a>(table: &'a Table, path: &[&str]) -> Option<&'a toml::Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The configuration of a workspace, as a member sees it.
    fn config(config: &str) -> CargoConfig {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("ws/.cargo")).unwrap();
        fs::write(folder.path().join("ws/.cargo/config.toml"), config).unwrap();
        let cargo = Cargo::from_variables([("CARGO_HOME", folder.path().join("home"))]);
        CargoConfig::load(&cargo, &folder.path().join("ws/member"))
    }

    fn triple() -> Triple {
        "x86_64-unknown-linux-gnu".parse().unwrap()
    }

    #[test]
    fn finds_flags_in_a_folder_above() {
        let found = config("[build]\nrustflags = ['--cfg', 'x']");
        assert!(found.has_build_flags());
        assert!(!found.has_target_flags(&triple()));
        assert!(!config("[build").has_build_flags());
    }

    #[test]
    fn finds_flags_and_linker_of_the_target() {
        let found = config("[target.x86_64-unknown-linux-gnu]\nlinker = 'clang'");
        assert!(found.has_linker(&triple()));
        assert!(!found.has_linker(&"s390x-unknown-linux-gnu".parse().unwrap()));
        assert!(!found.has_target_flags(&triple()));
        assert!(config("[target.'cfg(unix)']\nrustflags = []").has_target_flags(&triple()));
    }

    #[test]
    fn finds_what_the_variables_say() {
        let cargo = Cargo::from_variables([
            ("CARGO_BUILD_RUSTFLAGS", "--cfg=x"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "clang"),
        ]);
        let config = CargoConfig::load(&cargo, Path::new("/nonexistent"));
        assert!(config.has_build_flags());
        assert!(config.has_linker(&triple()));
        assert!(!config.has_target_flags(&triple()));
    }

    #[test]
    fn finds_a_profile() {
        assert!(config("[profile.charm]\ninherits = 'release'").has_profile("charm"));
        assert!(!config("[profile.release]\nlto = true").has_profile("charm"));
    }

    #[test]
    fn finds_the_home_of_cargo() {
        let home = |variables: &[(&str, &str)]| {
            cargo_home(&Cargo::from_variables(variables.iter().copied()))
        };
        assert_eq!(home(&[("HOME", "/h")]), Some("/h/.cargo".into()));
        assert_eq!(home(&[("HOME", "/h"), ("CARGO_HOME", "/c")]), Some("/c".into()));
        assert_eq!(home(&[]), None);
    }
}
