//! A folder with a workspace of small charms, and a cargo that sees nothing of
//! the developer's own settings.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use cargo_charm::{Cargo, CharmCrate, PackError, PackOptions, Packed, Workspace, pack};
use tempfile::TempDir;

pub(crate) const METADATA: &str = "\
name: tiny
summary: Does nothing.
description: Does nothing at all.
";

pub(crate) const MANIFEST: &str = "\
bases:
  - name: ubuntu
    channel: \"24.04\"
";

pub(crate) const CHARMCRAFT: &str = "\
type: charm
name: tiny
summary: Does nothing.
description: Does nothing at all.
base: ubuntu@24.04
platforms:
  amd64:
  arm64:
parts:
  charm:
    plugin: nil
";

pub(crate) struct Bench {
    folder: TempDir,
    variables: BTreeMap<OsString, OsString>,
}

impl Bench {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let kept = ["CARGO", "CARGO_HOME", "HOME", "PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];
        #[expect(clippy::disallowed_methods, reason = "tests need the real toolchain")]
        let mut variables: BTreeMap<OsString, OsString> =
            std::env::vars_os().filter(|(name, _)| kept.iter().any(|kept| kept == name)).collect();
        variables.insert("CARGO_NET_OFFLINE".into(), "true".into());
        Self { folder: tempfile::tempdir().unwrap(), variables }
    }

    /// A folder with the package `tiny`, which has a program that does nothing.
    pub(crate) fn package() -> Self {
        Self::empty()
            .file("Cargo.toml", &manifest("tiny", "[workspace]"))
            .file("src/main.rs", "fn main() {}\n")
    }

    /// The charm `tiny`, described by separate files.
    pub(crate) fn charm() -> Self {
        Self::package().file("metadata.yaml", METADATA).file("manifest.yaml", MANIFEST)
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Writes a file as [`file`](Self::file) does, for one that is kept.
    pub(crate) fn file_now(&self, path: &str, text: &str) -> &Self {
        fs::write(self.path(path), text).unwrap();
        self
    }

    pub(crate) fn script(self, path: &str, text: &str) -> Self {
        let bench = self.file(path, &format!("#!/bin/sh\n{text}\n"));
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(bench.path(path), mode).unwrap();
        bench
    }

    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// Has scripts answer instead of `rustc`, whose toolchain builds for amd64
    /// with musl, and of `cargo build`, which prints its arguments to the file
    /// `arguments`. The latter may call `built FILE` to report a program.
    pub(crate) fn fake_build(self, script: &str) -> Self {
        let cargo = self.variables.get(OsStr::new("CARGO")).unwrap().display().to_string();
        let report = r#"{"reason":"compiler-artifact","package_id":"tiny","manifest_path":"/Cargo.toml","target":{"kind":["bin"],"crate_types":["bin"],"name":"tiny","src_path":"/main.rs","edition":"2024","doctest":false,"test":true},"profile":{"opt_level":"s","debuginfo":0,"debug_assertions":false,"overflow_checks":false,"test":false},"features":[],"filenames":[],"executable":"%s","fresh":false}"#;
        let cargo = format!(
            "if [ \"$1\" != build ]; then exec '{cargo}' \"$@\"; fi\n\
             printf '%s\\n' \"$@\" \"$CARGO_ENCODED_RUSTFLAGS\" > arguments\n\
             built() {{ printf '{report}\\n' \"$1\"; }}\n{script}"
        );
        let sysroot = self.path("toolchains/stable");
        let rustc = format!(
            "case \"$*\" in\n\
             *sysroot*) echo '{}' ;;\n\
             *) printf 'host: x86_64-unknown-linux-gnu\\ncommit-hash: 0123456789abcdef\\n' ;;\n\
             esac",
            sysroot.display()
        );
        let fakes = [self.path("fake/cargo"), self.path("fake/rustc")];
        self.script("fake/cargo", &cargo)
            .script("fake/rustc", &rustc)
            .file("toolchains/stable/lib/rustlib/x86_64-unknown-linux-musl/lib/libstd-0.rlib", "")
            .variable("CARGO", &fakes[0])
            .variable("RUSTC", &fakes[1])
    }

    /// Has a script answer instead of `cargo build` that reports a static
    /// program for amd64.
    pub(crate) fn fake_static_build(self) -> Self {
        let program = self.path("fake/program");
        fs::create_dir_all(self.path("fake")).unwrap();
        fs::write(&program, static_program(62)).unwrap();
        self.fake_build(&format!("built '{}'", program.display()))
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn find(&self, program: &str) -> PathBuf {
        let path = self.variables.get(OsStr::new("PATH")).unwrap();
        std::env::split_paths(path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
            .unwrap()
    }

    pub(crate) fn cargo(&self) -> Cargo {
        Cargo::from_variables(self.variables.clone())
    }

    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::load_with(&self.cargo(), &self.path("Cargo.toml")).unwrap()
    }

    /// The only charm.
    pub(crate) fn only(&self) -> CharmCrate {
        let [charm] = self.workspace().charms().to_vec().try_into().unwrap();
        charm
    }

    pub(crate) fn pack(&self) -> Result<Packed, PackError> {
        pack(&self.only(), &PackOptions::new())
    }

    /// Runs a program in the folder.
    pub(crate) fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Output {
        self.command(program, arguments).output().unwrap()
    }

    /// Prepares a program to run in the folder.
    #[expect(clippy::disallowed_methods, reason = "tests start the program that they test")]
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.variables);
        command
    }

    /// Writes the folder as `$BENCH`.
    pub(crate) fn redact(&self, text: &str) -> String {
        let folder = fs::canonicalize(self.folder.path()).unwrap();
        text.replace(&*folder.to_string_lossy(), "$BENCH")
            .replace(&*self.folder.path().to_string_lossy(), "$BENCH")
    }
}

/// The `Cargo.toml` of a package, with more at its end.
pub(crate) fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}\n")
}

/// The chain of an error, one a line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}\ncaused by: {error}");
        source = error.source();
    }
    text
}

/// The bytes of an ELF program that needs nothing.
pub(crate) fn static_program(machine: u8) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(64, 0);
    bytes[18] = machine;
    bytes
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
