//! The parts of a test run, each a command of cargo's.

use std::iter;

use anyhow::anyhow;
use throwaway_machine::ThrowawayMachine;

use crate::{
    debian_packages,
    member::Workspace,
    python_peers,
    test::{
        cargo::{Cargo, missing_program},
        tally::Outcome,
    },
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

impl Work {
    pub(super) fn run(&self, workspace: &Workspace) -> anyhow::Result<Outcome> {
        match self {
            Self::Check(commands) => {
                let mut passed = true;
                for cargo in commands {
                    if let Some(missing) = cargo.missing(workspace) {
                        return Ok(Outcome::LeftOut(missing));
                    }
                    passed &= cargo.succeeds(workspace)?;
                }
                Ok(Outcome::Check(passed))
            }
            Self::Tests(cargo) => match cargo.missing(workspace) {
                Some(missing) => Ok(Outcome::LeftOut(missing)),
                None => cargo.count_tests(workspace).map(Outcome::Tests),
            },
        }
    }

    /// Returns the test that it runs and that plain `cargo test` leaves out.
    fn left_out(&self) -> Option<(&str, &str)> {
        match self {
            Self::Check(_) => None,
            Self::Tests(cargo) => cargo.left_out,
        }
    }
}

/// How many cases of a property a long run tries: ten times as many.
const LONG_CASES: &str = "2560";

/// Returns the parts in the order in which they are run: what is quick and
/// often wrong comes first.
pub(super) fn parts(workspace: &Workspace, long: bool) -> Vec<Part> {
    let left_out: Vec<_> = peers(long).into_iter().chain(machines()).collect();
    let alone = workspace
        .members()
        .iter()
        .map(|member| Cargo::new("check --quiet --all-targets --package").argument(&member.name))
        .collect();
    let checks = vec![
        Part {
            name: "formatting",
            work: Work::Check(vec![Cargo::new("fmt --all --check").component("rustfmt")]),
        },
        Part { name: "lints", work: Work::Check(lints(&left_out)) },
        Part {
            name: "documentation",
            work: Work::Check(vec![
                Cargo::new("doc --workspace --no-deps --all-features --document-private-items")
                    .variable("RUSTDOCFLAGS", "-D warnings"),
            ]),
        },
        Part { name: "each crate alone, with its default features", work: Work::Check(alone) },
        Part { name: "tests", work: Work::Tests(tests(long)) },
    ];
    checks.into_iter().chain(left_out).collect()
}

fn lints(left_out: &[Part]) -> Vec<Cargo> {
    let all = Cargo::new("clippy --workspace --all-targets --all-features -- -D warnings")
        .component("clippy");
    // Targets that `cargo test` leaves out are no part of all.
    let left_out = left_out.iter().filter_map(|part| part.work.left_out());
    let left_out = left_out.map(|(package, test)| {
        Cargo::new(&format!("clippy --package {package} --test {test} -- -D warnings"))
    });
    iter::once(all).chain(left_out).collect()
}

/// Returns the parts that need somebody else's program.
fn peers(long: bool) -> Vec<Part> {
    vec![
        Part {
            name: "Go's own net/rpc as a peer",
            work: Work::Tests(
                Cargo::left_out("juju-agent-rpc", "go_peer").program("go", "golang-go"),
            ),
        },
        Part {
            name: "Python's own json as a peer",
            work: Work::Tests(
                Cargo::left_out("python-json", "python_peer").program("python3", "python3"),
            ),
        },
        Part { name: "Python's frameworks in the simulator", work: Work::Tests(frameworks(long)) },
        Part {
            name: "Prometheus's own promtool as a peer",
            work: Work::Tests(
                Cargo::left_out("prometheus-manual-interface", "promtool")
                    .preparation(debian_packages::make),
            ),
        },
    ]
}

/// Returns the parts that need a systemd.
fn machines() -> Vec<Part> {
    vec![
        Part {
            name: "a real systemd, on throw-away machines",
            work: Work::Tests(
                Cargo::left_out("throwaway-machine", "machine").preparation(throwaway_machines),
            ),
        },
        Part {
            name: "systemd notices, under a real systemd",
            work: Work::Tests(
                Cargo::left_out("systemd-notices", "machine")
                    .preparation(throwaway_machines)
                    // The charm that the tests put on the machines.
                    .build("--package systemd-notices --examples"),
            ),
        },
        Part {
            name: "Debian's Prometheus, on throw-away machines",
            work: Work::Tests(
                Cargo::left_out("throwaway-machine", "debian_packages")
                    .preparation(debian_packages_on_throwaway_machines),
            ),
        },
        Part {
            name: "the example charms, on throw-away machines",
            work: Work::Tests(
                Cargo::left_out("charmwright-tests", "prometheus_machine")
                    .preparation(example_charms_on_throwaway_machines),
            ),
        },
        Part {
            name: "the demo, on a throw-away machine",
            work: Work::Tests(
                Cargo::left_out("xtask", "demo_on_a_machine")
                    .preparation(debian_packages_on_throwaway_machines),
            ),
        },
    ]
}

/// Makes nothing ready, as machines are made by the tests.
fn throwaway_machines(_: &Workspace) -> anyhow::Result<()> {
    ThrowawayMachine::missing().map_or(Ok(()), |missing| Err(anyhow!(missing)))
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
    let tests =
        Cargo::left_out("charmwright-tests", "python_peers").preparation(python_peers::make);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_test_that_cargo_leaves_out_is_a_part() {
        let workspace = Workspace::load().unwrap();
        let parts = parts(&workspace, false);
        let run: BTreeSet<_> = parts.iter().filter_map(|part| part.work.left_out()).collect();
        let members = workspace.members();
        let targets = members.iter().flat_map(|member| {
            let tests = member.targets.iter().filter(|target| target.is_test() && !target.test);
            tests.map(|target| (member.name.as_str(), target.name.as_str()))
        });
        assert_eq!(run, targets.collect());
    }
}
