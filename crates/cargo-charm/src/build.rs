//! Builds a charm's program: static, small, and the same from every folder.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    thread,
};

use cargo_metadata::Message;

use crate::{
    BuildError, Cargo, CargoOutput, CharmCrate, MissingPiece, Step, Triple,
    cargo::Program,
    cargo_config::{CargoConfig, cargo_home},
    elf::Executable,
    missing_piece::cross_compiler,
    toolchain::Toolchain,
};

/// The profile that a charm is built with.
const PROFILE: &str = "charm";

/// What that profile is where the workspace does not define it. A panic must
/// reach `juju-log` with a backtrace that can be read, hence unwinding and
/// symbol names.
const PROFILE_SETTINGS: [&str; 6] = [
    r#"profile.charm.inherits="release""#,
    "profile.charm.codegen-units=1",
    r#"profile.charm.lto="fat""#,
    r#"profile.charm.opt-level="s""#,
    r#"profile.charm.panic="unwind""#,
    r#"profile.charm.strip="debuginfo""#,
];

/// One build of one program.
pub(crate) struct Build<'a> {
    pub(crate) charm: &'a CharmCrate,
    pub(crate) program: &'a str,
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) triple: &'a Triple,
}

impl Build<'_> {
    /// Builds the program and returns where it lies, and its bytes.
    ///
    /// Wraps [`cargo build`](https://doc.rust-lang.org/cargo/commands/cargo-build.html).
    pub(crate) fn run(
        &self,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<(PathBuf, Vec<u8>), BuildError> {
        let path = self.cargo_build(progress)?;
        let unreadable = |source| BuildError::Unreadable { path: path.clone(), source };
        let bytes = fs::read(&path).map_err(unreadable)?;
        let executable = Executable::parse(&bytes)
            .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))?;
        let expected = self.triple.architecture();
        if executable.architecture() != Some(expected) {
            return Err(BuildError::OtherArchitecture { path, expected });
        }
        if !executable.is_static() {
            return Err(BuildError::NotStatic { path });
        }
        Ok((path, bytes))
    }

    fn cargo_build(&self, progress: &mut dyn FnMut(Step<'_>)) -> Result<PathBuf, BuildError> {
        let config = CargoConfig::load(self.cargo(), self.charm.workspace_root());
        let mut command = self.cargo().command(Program::Cargo, self.charm.workspace_root());
        command.args(self.arguments(&config)).env("CARGO_INCREMENTAL", "0");
        if let Some(flags) = self.encoded_flags() {
            command.env("CARGO_ENCODED_RUSTFLAGS", flags);
        }
        let mut child = command.spawn().map_err(|source| Program::Cargo.start_error(source))?;
        let mut stdout = child.stdout.take().expect("standard output is piped");
        let stderr = child.stderr.take().expect("standard error is piped");
        // Both are read at once, or a full pipe would stop cargo.
        let messages = thread::spawn(move || {
            let mut messages = Vec::new();
            stdout.read_to_end(&mut messages).map(|_| messages)
        });
        let mut output = String::new();
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            progress(Step::Cargo(&line));
            output.push_str(&line);
            output.push('\n');
        }
        let start_error = |source| Program::Cargo.start_error(source);
        let messages = messages.join().expect("reading does not panic").map_err(start_error)?;
        let is_built = child.wait().map_err(start_error)?.success();
        match self.executable(&messages) {
            Some(path) if is_built => Ok(path),
            _ => Err(self.failure(&output)),
        }
    }

    fn arguments(&self, config: &CargoConfig) -> Vec<String> {
        let mut arguments = vec!["build".to_owned()];
        let manifest_path = self.charm.folder().join("Cargo.toml");
        for (option, value) in [
            ("--manifest-path", &*manifest_path.to_string_lossy()),
            ("--package", self.charm.package()),
            ("--bin", self.program),
            ("--profile", PROFILE),
            ("--target", self.triple.as_str()),
            ("--message-format", "json-render-diagnostics"),
        ] {
            arguments.extend([option.to_owned(), value.to_owned()]);
        }
        let mut configure = |setting: String| arguments.extend(["--config".to_owned(), setting]);
        if !config.has_profile(PROFILE) && !defines_profile(self.charm.workspace_root()) {
            for setting in PROFILE_SETTINGS {
                configure(setting.to_owned());
            }
        }
        if let Some(linker) = self.linker(config) {
            configure(setting(&["target", self.triple.as_str(), "linker"], linker));
        }
        if self.encoded_flags().is_none() {
            // Cargo joins lists, but takes those of `build` only where `target`
            // has none: ours go to where the author's are.
            let keys: &[&str] = if config.has_build_flags() && !config.has_target_flags(self.triple)
            {
                &["build", "rustflags"]
            } else {
                &["target", self.triple.as_str(), "rustflags"]
            };
            configure(setting(keys, self.flags()));
        }
        arguments.extend_from_slice(self.cargo().arguments());
        arguments
    }

    /// Returns the flags for rustc together with those of the environment, in
    /// the form of `CARGO_ENCODED_RUSTFLAGS`; nothing if the environment has
    /// none, which would hide those of cargo's configuration.
    fn encoded_flags(&self) -> Option<String> {
        let text = |name| self.cargo().variable(name)?.to_str();
        let mut flags: Vec<&str> = match text("CARGO_ENCODED_RUSTFLAGS") {
            Some(flags) => flags.split('\x1f').collect(),
            None => text("RUSTFLAGS")?.split_whitespace().collect(),
        };
        let ours = self.flags();
        flags.extend(ours.iter().map(String::as_str));
        Some(flags.join("\x1f"))
    }

    /// Returns the flags for rustc: link statically, and name no folder of this
    /// machine in the program.
    fn flags(&self) -> Vec<String> {
        let mut folders = vec![
            (self.charm.workspace_root().to_owned(), "/workspace".to_owned()),
            (self.charm.target_directory().to_owned(), "/workspace/target".to_owned()),
        ];
        folders.extend(cargo_home(self.cargo()).map(|home| (home, "/cargo".to_owned())));
        folders.extend(self.toolchain.standard_library());
        let remaps = folders
            .into_iter()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        ["-Ctarget-feature=+crt-static".to_owned()].into_iter().chain(remaps).collect()
    }

    /// Chooses a linker for another architecture, unless the author has: the
    /// compiler on this machine cannot link for it.
    fn linker(&self, config: &CargoConfig) -> Option<String> {
        if !self.toolchain.is_foreign(self.triple) || config.has_linker(self.triple) {
            return None;
        }
        // With musl, all that is linked comes from the toolchain.
        if self.triple.is_musl() && self.toolchain.has_linker() {
            return Some("rust-lld".to_owned());
        }
        let compiler = cross_compiler(self.triple.architecture());
        self.cargo().find(&compiler).map(|_| compiler)
    }

    fn executable(&self, messages: &[u8]) -> Option<PathBuf> {
        Message::parse_stream(messages).find_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) if artifact.target.name == self.program => {
                artifact.executable.map(cargo_metadata::camino::Utf8PathBuf::into_std_path_buf)
            }
            _ => None,
        })
    }

    fn failure(&self, output: &str) -> BuildError {
        let is_foreign = self.toolchain.is_foreign(self.triple);
        if let Some(piece) = MissingPiece::find(output, self.triple, is_foreign) {
            let install = piece.install(self.triple, is_foreign);
            return BuildError::Missing { piece, install };
        }
        let package = self.charm.package().to_owned();
        BuildError::Failed { package, source: CargoOutput(output.trim_end().to_owned()) }
    }

    fn cargo(&self) -> &Cargo {
        self.charm.cargo()
    }
}

/// Tells whether the workspace has its own idea of how to build a charm.
fn defines_profile(workspace_root: &Path) -> bool {
    let manifest = fs::read_to_string(workspace_root.join("Cargo.toml")).ok();
    let manifest: Option<toml::Table> = manifest.and_then(|text| text.parse().ok());
    manifest.is_some_and(|manifest| {
        manifest.get("profile").is_some_and(|profiles| profiles.get(PROFILE).is_some())
    })
}

/// Writes a setting as cargo's `--config` wants it.
fn setting(keys: &[&str], value: impl Into<toml::Value>) -> String {
    format!("{}={}", keys.join("."), value.into())
}
