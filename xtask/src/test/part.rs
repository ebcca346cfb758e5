//! The parts of a test run, each a command of cargo's.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, anyhow, ensure};
use throwaway_machine::ThrowawayMachine;

use crate::{
    debian_packages,
    member::Workspace,
    python_peers,
    test::tally::{Outcome, TestCount},
};

/// One part of a test run.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) work: Work,
}

/// What a part does.
pub(super) enum Work {
    /// Commands of cargo's that pass or fail as a whole.
    Check(Vec<Cargo>),
    /// A command of cargo's whose tests are counted.
    Tests(Cargo),
}

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
}

type Preparation = fn(&Workspace) -> anyhow::Result<()>;

impl Cargo {
    fn new(arguments: &str) -> Self {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Self { arguments, variables: Vec::new(), component: None, program: None, preparation: None }
    }

    fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn component(mut self, component: &'static str) -> Self {
        self.component = Some(component);
        self
    }

    fn program(mut self, name: &'static str, package: &'static str) -> Self {
        self.program = Some((name, package));
        self
    }

    fn preparation(mut self, preparation: Preparation) -> Self {
        self.preparation = Some(preparation);
        self
    }

    fn command(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(&self.arguments).current_dir(workspace.root());
        command.envs(self.variables.iter().copied());
        command
    }

    /// Says what is missing when this machine cannot run the command.
    fn missing(&self, workspace: &Workspace) -> Option<String> {
        let missing =
            self.program.and_then(missing_program).or_else(|| self.missing_component(workspace));
        missing.or_else(|| Some(format!("{:#}", self.preparation?(workspace).err()?)))
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

/// How many cases of a property a long run tries: ten times as many.
const LONG_CASES: &str = "2560";

/// Returns the parts in the order in which they are run: what is quick and
/// often wrong comes first.
pub(super) fn parts(workspace: &Workspace, long: bool) -> Vec<Part> {
    let alone = workspace
        .members()
        .iter()
        .map(|member| Cargo::new("check --quiet --all-targets --package").argument(&member.name))
        .collect();
    vec![
        Part {
            name: "formatting",
            work: Work::Check(vec![Cargo::new("fmt --all --check").component("rustfmt")]),
        },
        Part {
            name: "lints",
            work: Work::Check(vec![
                Cargo::new("clippy --workspace --all-targets --all-features -- -D warnings")
                    .component("clippy"),
                // Targets that `cargo test` leaves out are no part of all.
                Cargo::new("clippy --package juju-agent-rpc --test go_peer -- -D warnings"),
                Cargo::new("clippy --package python-json --test python_peer -- -D warnings"),
                Cargo::new("clippy --package charmwright-tests --test python_peers -- -D warnings"),
                Cargo::new(
                    "clippy --package prometheus-manual-interface --test promtool -- -D warnings",
                ),
                Cargo::new(
                    "clippy --package charmwright-tests --test prometheus_machine -- -D warnings",
                ),
                Cargo::new("clippy --package xtask --test demo_on_a_machine -- -D warnings"),
                Cargo::new("clippy --package systemd-notices --test machine -- -D warnings"),
                Cargo::new("clippy --package throwaway-machine --test machine -- -D warnings"),
                Cargo::new(
                    "clippy --package throwaway-machine --test debian_packages -- -D warnings",
                ),
            ]),
        },
        Part {
            name: "documentation",
            work: Work::Check(vec![
                Cargo::new("doc --workspace --no-deps --all-features --document-private-items")
                    .variable("RUSTDOCFLAGS", "-D warnings"),
            ]),
        },
        Part { name: "each crate alone, with its default features", work: Work::Check(alone) },
        Part { name: "tests", work: Work::Tests(tests(long)) },
        Part {
            name: "Go's own net/rpc as a peer",
            work: Work::Tests(
                Cargo::new("test --package juju-agent-rpc --test go_peer")
                    .variable("INSTA_UPDATE", "no")
                    .program("go", "golang-go"),
            ),
        },
        Part {
            name: "Python's own json as a peer",
            work: Work::Tests(
                Cargo::new("test --package python-json --test python_peer")
                    .variable("INSTA_UPDATE", "no")
                    .program("python3", "python3"),
            ),
        },
        Part { name: "Python's frameworks in the simulator", work: Work::Tests(frameworks(long)) },
        Part {
            name: "Prometheus's own promtool as a peer",
            work: Work::Tests(
                Cargo::new("test --package prometheus-manual-interface --test promtool")
                    .variable("INSTA_UPDATE", "no")
                    .preparation(debian_packages::make),
            ),
        },
        Part {
            name: "a real systemd, on throw-away machines",
            work: Work::Tests(
                Cargo::new("test --package throwaway-machine --test machine --no-fail-fast")
                    .variable("INSTA_UPDATE", "no")
                    .preparation(throwaway_machines),
            ),
        },
        Part {
            name: "systemd notices, under a real systemd",
            work: Work::Tests(
                Cargo::new("test --package systemd-notices --test machine --no-fail-fast")
                    .variable("INSTA_UPDATE", "no")
                    .preparation(notices_on_throwaway_machines),
            ),
        },
        Part {
            name: "Debian's Prometheus, on throw-away machines",
            work: Work::Tests(
                Cargo::new("test --package throwaway-machine --test debian_packages")
                    .preparation(debian_packages_on_throwaway_machines),
            ),
        },
        Part {
            name: "the example charms, on throw-away machines",
            work: Work::Tests(
                Cargo::new(
                    "test --package charmwright-tests --test prometheus_machine --no-fail-fast",
                )
                .preparation(example_charms_on_throwaway_machines),
            ),
        },
        Part {
            name: "the demo, on a throw-away machine",
            work: Work::Tests(
                Cargo::new("test --package xtask --test demo_on_a_machine")
                    .variable("INSTA_UPDATE", "no")
                    .preparation(debian_packages_on_throwaway_machines),
            ),
        },
    ]
}

/// Makes nothing ready, as machines are made by the tests.
fn throwaway_machines(_: &Workspace) -> anyhow::Result<()> {
    ThrowawayMachine::missing().map_or(Ok(()), |missing| Err(anyhow!(missing)))
}

/// Builds the charm that the tests put on the machines: cargo builds no example
/// for one target of tests.
fn notices_on_throwaway_machines(workspace: &Workspace) -> anyhow::Result<()> {
    throwaway_machines(workspace)?;
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--package", "systemd-notices", "--examples"]);
    let status = build.current_dir(workspace.root()).status().context("cannot start cargo")?;
    ensure!(status.success(), "the example of `systemd-notices` does not build");
    Ok(())
}

fn debian_packages_on_throwaway_machines(workspace: &Workspace) -> anyhow::Result<()> {
    throwaway_machines(workspace).and_then(|()| debian_packages::make(workspace))
}

/// The programs that make certificates, ask for pages and lay cables there, each
/// with the Debian package that has it.
const PROGRAMS: [(&str, &str); 3] = [("curl", "curl"), ("ip", "iproute2"), ("openssl", "openssl")];

fn example_charms_on_throwaway_machines(workspace: &Workspace) -> anyhow::Result<()> {
    let missing = PROGRAMS.into_iter().find_map(missing_program);
    missing.map_or(Ok(()), |missing| Err(anyhow!(missing)))?;
    debian_packages_on_throwaway_machines(workspace)
}

fn frameworks(long: bool) -> Cargo {
    let tests = Cargo::new("test --package charmwright-tests --test python_peers --no-fail-fast")
        .variable("INSTA_UPDATE", "no")
        .preparation(python_peers::make);
    if long { tests.variable("PROPTEST_CASES", LONG_CASES) } else { tests }
}

fn tests(long: bool) -> Cargo {
    let tests = Cargo::new("test --workspace --all-features --no-fail-fast")
        // A snapshot that differs is a failure, never a file.
        .variable("INSTA_UPDATE", "no");
    if long {
        tests.variable("PROPTEST_CASES", LONG_CASES)
    } else {
        // The same inputs in every run: a change that breaks nothing must not
        // fail by chance.
        tests.variable("PROPTEST_RNG_SEED", "20260401")
    }
}

/// Says what to install, if a program is missing.
fn missing_program((name, package): (&str, &str)) -> Option<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!there).then(|| format!("`{name}` is missing; `apt-get install {package}`"))
}

impl Work {
    pub(super) fn run(&self, workspace: &Workspace) -> anyhow::Result<Outcome> {
        match self {
            Self::Check(commands) => {
                let mut passed = true;
                for cargo in commands {
                    if let Some(missing) = cargo.missing(workspace) {
                        return Ok(Outcome::LeftOut(missing));
                    }
                    let status = cargo.command(workspace).status().context("cannot start cargo")?;
                    passed &= status.success();
                }
                Ok(Outcome::Check(passed))
            }
            Self::Tests(cargo) => match cargo.missing(workspace) {
                Some(missing) => Ok(Outcome::LeftOut(missing)),
                None => run_tests(cargo.command(workspace)).map(Outcome::Tests),
            },
        }
    }
}

/// Shows what the tests print while it counts them.
#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn run_tests(mut command: Command) -> anyhow::Result<TestCount> {
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

#[cfg(test)]
mod tests {
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
}
