//! The only place that starts programs and reads the environment.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use thiserror::Error;

/// How [cargo] is started: with which variables, and with which words after
/// each of its commands. `rustc` and `git` are started with the same variables.
///
/// ```
/// use cargo_charm::Cargo;
///
/// let cargo = Cargo::from_environment().argument("--locked").argument("--offline");
/// ```
///
/// [cargo]: https://doc.rust-lang.org/cargo/commands/
#[derive(Clone)]
pub struct Cargo {
    variables: BTreeMap<OsString, OsString>,
    arguments: Vec<String>,
}

impl Cargo {
    /// Takes over the environment of this process.
    ///
    /// The program is `$CARGO`, which cargo sets for its own subcommands, else
    /// the `cargo` on `PATH`.
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    pub fn from_environment() -> Self {
        Self::from_variables(std::env::vars_os())
    }

    /// Uses these variables and no others.
    pub fn from_variables<K, V>(variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter().map(|(key, value)| (key.into(), value.into()));
        Self { variables: variables.collect(), arguments: Vec::new() }
    }

    /// Adds a word to each `cargo metadata` and `cargo build`, such as
    /// `--locked`, `--offline` or `--frozen`.
    #[must_use]
    pub fn argument(mut self, word: impl Into<String>) -> Self {
        self.arguments.push(word.into());
        self
    }

    /// Returns the words for each command.
    pub(crate) fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Returns a variable that is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str).filter(|v| !v.is_empty())
    }

    /// Looks a program up on `PATH`.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(self.variable("PATH")?)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
    }

    /// Prepares a program: nothing to read, both outputs piped.
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    pub(crate) fn command(&self, program: Program, folder: &Path) -> Command {
        let file = program.variable().and_then(|name| self.variable(name));
        let mut command = Command::new(file.unwrap_or(OsStr::new(program.name())));
        command
            .env_clear()
            .envs(&self.variables)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a program to its end and returns what it printed.
    pub(crate) fn output<A: AsRef<OsStr>>(
        &self,
        program: Program,
        arguments: impl IntoIterator<Item = A>,
        folder: &Path,
    ) -> Result<String, ProgramError> {
        let mut command = self.command(program, folder);
        let output =
            command.args(arguments).output().map_err(|source| program.start_error(source))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(ProgramError::Failed { program: program.name(), stderr })
        }
    }
}

impl fmt::Debug for Cargo {
    // The environment of a developer holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cargo").field("arguments", &self.arguments).finish_non_exhaustive()
    }
}

/// Prepares a charm's own program: without any variable, as far from a hook as
/// can be, with nothing to read, and both outputs piped.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub(crate) fn charm_program(file: &Path) -> Command {
    let mut command = Command::new(file);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A program that is started here.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Program {
    Cargo,
    Git,
    Rustc,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Git => "git",
            Self::Rustc => "rustc",
        }
    }

    /// The variable that names another file for it.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Cargo => Some("CARGO"),
            Self::Git => None,
            Self::Rustc => Some("RUSTC"),
        }
    }

    fn install(self) -> &'static str {
        match self {
            Self::Cargo | Self::Rustc => "follow https://rustup.rs, or `apt-get install cargo`",
            Self::Git => "`apt-get install git`",
        }
    }

    pub(crate) fn start_error(self, source: io::Error) -> ProgramError {
        let program = self.name();
        if source.kind() == io::ErrorKind::NotFound {
            ProgramError::Missing { program, install: self.install() }
        } else {
            ProgramError::Start { program, source }
        }
    }
}

/// Why `cargo`, `rustc` or `git` gave no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// The program ran and refused.
    #[error("`{program}` failed: {stderr}")]
    Failed {
        /// The program, such as `cargo`.
        program: &'static str,
        /// Its standard error, trimmed.
        stderr: String,
    },
    /// There is no such program.
    #[error("cannot find `{program}`; to install it, {install}")]
    Missing {
        /// The program, such as `cargo`.
        program: &'static str,
        /// What to do about it.
        install: &'static str,
    },
    /// The program could not be started.
    #[error("cannot start `{program}`")]
    Start {
        /// The program, such as `cargo`.
        program: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_PROGRAMS: [(&str, &str); 1] = [("PATH", "/nonexistent")];

    #[test]
    fn a_missing_program_is_named_with_the_way_to_install_it() {
        let cargo = Cargo::from_variables(NO_PROGRAMS);
        let error =
            |program| cargo.output(program, ["--version"], Path::new("/")).unwrap_err().to_string();
        insta::assert_snapshot!(error(Program::Cargo), @"cannot find `cargo`; to install it, follow https://rustup.rs, or `apt-get install cargo`");
        insta::assert_snapshot!(error(Program::Git), @"cannot find `git`; to install it, `apt-get install git`");
    }

    #[test]
    fn a_failing_program_tells_why() {
        let cargo = Cargo::from_variables([("RUSTC", "/bin/sh"), ("PATH", "/bin:/usr/bin")]);
        let script = ["-c", "echo ' it broke ' >&2; exit 3"];
        let error = cargo.output(Program::Rustc, script, Path::new("/")).unwrap_err();
        insta::assert_snapshot!(error, @"`rustc` failed: it broke");
    }

    #[test]
    fn programs_see_the_given_variables_only() {
        let cargo = Cargo::from_variables([("RUSTC", "/usr/bin/env"), ("COLOUR", "blue")]);
        let output = cargo.output(Program::Rustc, [""; 0], Path::new("/")).unwrap();
        insta::assert_snapshot!(output, @r"
        COLOUR=blue
        RUSTC=/usr/bin/env
        ");
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let cargo = Cargo::from_variables([("RUSTFLAGS", "")]);
        assert_eq!(cargo.variable("RUSTFLAGS"), None);
    }

    #[test]
    fn its_debug_text_keeps_the_environment_back() {
        let cargo = Cargo::from_variables([("TOKEN", "hunter2")]).argument("--locked");
        assert_eq!(format!("{cargo:?}"), r#"Cargo { arguments: ["--locked"], .. }"#);
    }
}
