//! The Rust toolchain: what it can build for, and how to add to it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use juju_types::Architecture;

use crate::{
    BuildError, Cargo, MissingPiece, PackTarget, ProgramError, Triple, cargo::Program,
    triple::architecture_of,
};

/// The toolchain that rustc belongs to, as it describes itself.
#[derive(Debug)]
pub(crate) struct Toolchain {
    host: String,
    commit: Option<String>,
    sysroot: PathBuf,
}

impl Toolchain {
    /// Asks [rustc](https://doc.rust-lang.org/rustc/command-line-arguments.html)
    /// in `folder`, which may choose a toolchain of its own.
    pub(crate) fn load(cargo: &Cargo, folder: &Path) -> Result<Self, ProgramError> {
        let version = cargo.output(Program::Rustc, ["--version", "--verbose"], folder)?;
        let sysroot = cargo.output(Program::Rustc, ["--print", "sysroot"], folder)?;
        let field = |name: &str| {
            let value = version.lines().find_map(|line| line.strip_prefix(name))?.trim();
            Some(value.to_owned()).filter(|value| value != "unknown")
        };
        Ok(Self {
            host: field("host:").unwrap_or_default(),
            commit: field("commit-hash:"),
            sysroot: sysroot.trim().into(),
        })
    }

    /// Returns the architecture asked for or, by default, that of this machine.
    pub(crate) fn architecture(
        &self,
        wanted: Option<&PackTarget>,
    ) -> Result<Architecture, BuildError> {
        wanted
            .map(PackTarget::architecture)
            .or_else(|| self.host_architecture())
            .ok_or_else(|| BuildError::UnknownHost { host: self.host.clone() })
    }

    /// Chooses the target: the given one, else the first that is installed for
    /// the architecture.
    pub(crate) fn target(&self, wanted: Option<&PackTarget>) -> Result<Triple, BuildError> {
        if let Some(PackTarget::Triple(triple)) = wanted {
            return if self.has(triple) { Ok(triple.clone()) } else { Err(self.missing(triple)) };
        }
        let candidates = Triple::candidates(self.architecture(wanted)?);
        candidates.iter().find(|triple| self.has(triple)).cloned().ok_or_else(|| {
            // Distributions have no Rust library for musl.
            let easiest =
                candidates.iter().find(|triple| triple.is_musl() == self.is_from_rustup());
            self.missing(easiest.unwrap_or(&candidates[0]))
        })
    }

    /// Tells whether `triple` is another architecture than this machine's, so
    /// that this machine's own linker cannot link for it.
    pub(crate) fn is_foreign(&self, triple: &Triple) -> bool {
        self.host_architecture() != Some(triple.architecture())
    }

    /// Tells whether the toolchain brings its own linker.
    pub(crate) fn has_linker(&self) -> bool {
        self.libraries(&self.host).join("bin/rust-lld").is_file()
    }

    /// Returns the folder of the standard library's source, and the name that
    /// the compiler gives to it where it is not installed.
    pub(crate) fn standard_library(&self) -> Option<(PathBuf, String)> {
        let source = self.sysroot.join("lib/rustlib/src/rust");
        Some((source, format!("/rustc/{}", self.commit.as_ref()?)))
    }

    fn host_architecture(&self) -> Option<Architecture> {
        architecture_of(&self.host)
    }

    fn has(&self, triple: &Triple) -> bool {
        let Ok(files) = fs::read_dir(self.libraries(triple.as_str()).join("lib")) else {
            return false;
        };
        files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
    }

    fn libraries(&self, triple: &str) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(triple)
    }

    /// Rustup keeps each toolchain in a folder below `toolchains`.
    fn is_from_rustup(&self) -> bool {
        self.sysroot.parent().is_some_and(|parent| parent.ends_with("toolchains"))
    }

    fn missing(&self, triple: &Triple) -> BuildError {
        let install = if self.is_from_rustup() {
            format!("`rustup target add {triple}`")
        } else if triple.is_musl() {
            format!("follow https://rustup.rs, then `rustup target add {triple}`")
        } else if self.is_foreign(triple) {
            let architecture = triple.architecture();
            format!(
                "`dpkg --add-architecture {architecture} && apt-get update && \
                 apt-get install libstd-rust-dev:{architecture}`"
            )
        } else {
            "`apt-get install libstd-rust-dev`".to_owned()
        };
        BuildError::Missing { piece: MissingPiece::Target(triple.clone()), install }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A toolchain in `folder` that has the standard libraries of `targets`.
    fn toolchain(folder: &Path, targets: &[&str]) -> Toolchain {
        let sysroot = folder.to_owned();
        for target in targets {
            let lib = sysroot.join("lib/rustlib").join(target).join("lib");
            fs::create_dir_all(&lib).unwrap();
            fs::write(lib.join("libstd-0123456789abcdef.rlib"), "").unwrap();
        }
        Toolchain { host: "x86_64-unknown-linux-gnu".to_owned(), commit: None, sysroot }
    }

    fn rustup(targets: &[&str]) -> (tempfile::TempDir, Toolchain) {
        let folder = tempfile::tempdir().unwrap();
        let toolchain = toolchain(&folder.path().join("toolchains/stable"), targets);
        (folder, toolchain)
    }

    fn distribution(targets: &[&str]) -> (tempfile::TempDir, Toolchain) {
        let folder = tempfile::tempdir().unwrap();
        let toolchain = toolchain(folder.path(), targets);
        (folder, toolchain)
    }

    #[track_caller]
    fn check(toolchain: &Toolchain, wanted: Option<&str>, expected: &str) {
        let wanted = wanted.map(|text| text.parse().unwrap());
        let answer = match toolchain.target(wanted.as_ref()) {
            Ok(triple) => triple.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn takes_the_musl_target_where_it_is_installed() {
        let (_folder, both) = rustup(&["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"]);
        check(&both, None, "x86_64-unknown-linux-musl");
        check(&both, Some("x86_64-unknown-linux-gnu"), "x86_64-unknown-linux-gnu");
        let (_folder, gnu) = rustup(&["x86_64-unknown-linux-gnu"]);
        check(&gnu, None, "x86_64-unknown-linux-gnu");
    }

    #[test]
    fn names_the_command_that_adds_a_target_to_rustup() {
        let (_folder, toolchain) = rustup(&["x86_64-unknown-linux-gnu"]);
        check(
            &toolchain,
            Some("arm64"),
            "cannot build without the target `aarch64-unknown-linux-musl`; \
             to install it, `rustup target add aarch64-unknown-linux-musl`",
        );
        check(
            &toolchain,
            Some("riscv64gc-unknown-linux-gnu"),
            "cannot build without the target `riscv64gc-unknown-linux-gnu`; \
             to install it, `rustup target add riscv64gc-unknown-linux-gnu`",
        );
    }

    #[test]
    fn names_the_package_that_adds_a_target_to_a_distribution() {
        let (_folder, toolchain) = distribution(&[]);
        check(
            &toolchain,
            None,
            "cannot build without the target `x86_64-unknown-linux-gnu`; \
             to install it, `apt-get install libstd-rust-dev`",
        );
        check(
            &toolchain,
            Some("arm64"),
            "cannot build without the target `aarch64-unknown-linux-gnu`; \
             to install it, `dpkg --add-architecture arm64 && apt-get update && \
             apt-get install libstd-rust-dev:arm64`",
        );
        check(
            &toolchain,
            Some("x86_64-unknown-linux-musl"),
            "cannot build without the target `x86_64-unknown-linux-musl`; \
             to install it, follow https://rustup.rs, then `rustup target add x86_64-unknown-linux-musl`",
        );
    }

    #[test]
    fn says_when_juju_has_no_machine_like_this() {
        let (_folder, mut toolchain) = rustup(&[]);
        toolchain.host = "mips-unknown-linux-gnu".to_owned();
        check(
            &toolchain,
            None,
            "cannot tell what to build for: Juju does not run on `mips-unknown-linux-gnu`; \
             name a target, such as `amd64`",
        );
    }
}
