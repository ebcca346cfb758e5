//! A command of cargo's, and what it needs.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::Context;

use crate::{member::Workspace, test::tally::TestCount};

/// A command of cargo's.
pub(super) struct Cargo {
    arguments: Vec<String>,
    variables: Vec<(&'static str, &'static str)>,
    /// What to install when cargo lacks the command.
    component: Option<&'static str>,
    /// A program that the command needs, and the Debian package that has it.
    program: Option<(&'static str, &'static str)>,
    /// Makes ready what the command needs, or says why this machine cannot.
    preparation: Option<Preparation>,
    /// What is to be built for the tests besides, as arguments of `cargo build`.
    build: Option<&'static str>,
    /// The package and the name of a test that plain `cargo test` leaves out.
    pub(super) left_out: Option<(&'static str, &'static str)>,
}

type Preparation = fn(&Workspace) -> anyhow::Result<()>;

impl Cargo {
    pub(super) fn new(arguments: &str) -> Self {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Self {
            arguments,
            variables: Vec::new(),
            component: None,
            program: None,
            preparation: None,
            build: None,
            left_out: None,
        }
    }

    /// Runs a test that plain `cargo test` leaves out. A snapshot that differs is
    /// a failure, never a file.
    pub(super) fn left_out(package: &'static str, test: &'static str) -> Self {
        let mut cargo =
            Self::new(&format!("test --package {package} --test {test} --no-fail-fast"));
        cargo.left_out = Some((package, test));
        cargo.variable("INSTA_UPDATE", "no")
    }

    pub(super) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub(super) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(super) fn component(mut self, component: &'static str) -> Self {
        self.component = Some(component);
        self
    }

    pub(super) fn program(mut self, name: &'static str, package: &'static str) -> Self {
        self.program = Some((name, package));
        self
    }

    pub(super) fn preparation(mut self, preparation: Preparation) -> Self {
        self.preparation = Some(preparation);
        self
    }

    /// Builds something for the tests first, as cargo builds no example for one
    /// target of tests.
    pub(super) fn build(mut self, arguments: &'static str) -> Self {
        self.build = Some(arguments);
        self
    }

    /// Runs the command, and returns whether it has succeeded.
    pub(super) fn succeeds(&self, workspace: &Workspace) -> anyhow::Result<bool> {
        Ok(self.command(workspace).status().context("cannot start cargo")?.success())
    }

    /// Shows what the tests print while it counts them. If what they need does not
    /// build, none has run, and cargo has not succeeded.
    #[expect(clippy::print_stdout, reason = "this is what the command is for")]
    pub(super) fn count_tests(&self, workspace: &Workspace) -> anyhow::Result<TestCount> {
        if let Some(arguments) = self.build
            && !Self::new(&format!("build {arguments}")).succeeds(workspace)?
        {
            return Ok(TestCount::default());
        }
        let mut command = self.command(workspace);
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
        let output = child.stdout.take().expect("its standard output is a pipe");
        let mut count = TestCount::default();
        // A test may print bytes that are no text.
        for line in BufReader::new(output).split(b'\n') {
            let line = line.context("cannot read what the tests print")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            count.read(&line);
        }
        count.succeeded = child.wait().context("cannot wait for cargo")?.success();
        Ok(count)
    }

    /// Says what is missing when this machine cannot run the command.
    pub(super) fn missing(&self, workspace: &Workspace) -> Option<String> {
        let missing =
            self.program.and_then(missing_program).or_else(|| self.missing_component(workspace));
        missing.or_else(|| Some(format!("{:#}", self.preparation?(workspace).err()?)))
    }

    fn command(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(&self.arguments).current_dir(workspace.root());
        command.envs(self.variables.iter().copied());
        command
    }

    fn missing_component(&self, workspace: &Workspace) -> Option<String> {
        let component = self.component?;
        let mut probe = Command::new(env!("CARGO"));
        probe.args([&self.arguments[0], "--version"]).current_dir(workspace.root());
        let there = probe.output().is_ok_and(|output| output.status.success());
        (!there).then(|| {
            format!("`cargo {}` is missing; `rustup component add {component}`", self.arguments[0])
        })
    }
}

/// Says what to install, if a program is missing.
pub(super) fn missing_program((name, package): (&str, &str)) -> Option<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!there).then(|| format!("`{name}` is missing; `apt-get install {package}`"))
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_part_whose_program_is_missing_says_what_to_install() {
        let missing = |name| missing_program((name, "the-package"));
        assert_eq!(
            missing("no-such-program").as_deref(),
            Some("`no-such-program` is missing; `apt-get install the-package`")
        );
        assert_eq!(missing("sh"), None);
    }

    #[test]
    fn a_part_that_cannot_be_prepared_says_why() {
        let workspace = Workspace::load().unwrap();
        let missing = |preparation| Cargo::new("test").preparation(preparation).missing(&workspace);
        assert_eq!(
            missing(|_| Err(anyhow!("no network").context("cannot fetch"))).as_deref(),
            Some("cannot fetch: no network")
        );
        assert_eq!(missing(|_| Ok(())), None);
    }

    #[test]
    fn tests_whose_program_does_not_build_have_failed() {
        let workspace = Workspace::load().unwrap();
        let cargo = Cargo::new("--version").build("--quiet --package no-such-package");
        assert_eq!(cargo.missing(&workspace), None);
        assert!(!cargo.count_tests(&workspace).unwrap().succeeded);
    }
}
