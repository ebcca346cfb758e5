//! The command line.

use std::{ffi::OsString, path::PathBuf};

use cargo_charm::PackTarget;
use clap::{Args, Parser, Subcommand};
use juju_types::CharmName;

/// Begins, checks and packs Juju charms written in Rust.
#[derive(Debug, Parser)]
#[command(name = "cargo-charm", bin_name = "cargo charm", version)]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Flags {
    /// Reads the arguments. Cargo passes its own word for the program first:
    /// `cargo charm pack` becomes `cargo-charm charm pack`.
    pub(crate) fn from_arguments(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut arguments: Vec<OsString> = arguments.into_iter().collect();
        if arguments.get(1).is_some_and(|argument| argument == "charm") {
            arguments.remove(1);
        }
        Self::parse_from(arguments)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists every fault of a charm's files, without building it.
    ///
    /// The rules are those by which Juju accepts a charm. Exits with 1 if there
    /// are faults; warnings are told and change nothing.
    Check(CheckFlags),
    /// Writes a charm that builds, passes its own test and packs.
    New(NewFlags),
    /// Builds a charm and packs it as `NAME_ARCHITECTURE.charm`.
    ///
    /// The program is linked statically: with musl where that target is
    /// installed, else with the C library of this machine. The same commit
    /// gives the same bytes.
    Pack(PackFlags),
}

#[derive(Args, Debug)]
pub(crate) struct CheckFlags {
    #[command(flatten)]
    pub(crate) charm: CharmFlags,
    #[command(flatten)]
    pub(crate) cargo: CargoFlags,
}

#[derive(Args, Debug)]
pub(crate) struct NewFlags {
    /// The name of the charm, such as `my-charm`.
    pub(crate) name: CharmName,
    /// The folder to write; by default, one of the charm's name.
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    /// Takes the crates of Charmwright from this checkout; by default, from the
    /// one that the folder lies in, else from crates.io.
    #[arg(long, value_name = "DIR")]
    pub(crate) charmwright_path: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct PackFlags {
    #[command(flatten)]
    pub(crate) charm: CharmFlags,
    /// The folder for the package; by default, `charms` in the target folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What to build for: an architecture (`arm64`) or a target of rustc
    /// (`aarch64-unknown-linux-musl`); by default, this machine's architecture.
    /// May be given several times.
    #[arg(long)]
    pub(crate) target: Vec<PackTarget>,
    #[command(flatten)]
    pub(crate) cargo: CargoFlags,
}

#[derive(Args, Debug)]
pub(crate) struct CharmFlags {
    /// The charm; by default, the one of this folder, else all of the
    /// workspace. May be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) charm: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct CargoFlags {
    /// The charm's or the workspace's `Cargo.toml`; by default, the nearest.
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Has cargo fail if `Cargo.lock` is not up to date.
    #[arg(long)]
    locked: bool,
    /// Has cargo stay away from the network.
    #[arg(long)]
    offline: bool,
    /// Means both `--locked` and `--offline`.
    #[arg(long)]
    frozen: bool,
}

impl CargoFlags {
    /// Returns the words to pass on to cargo.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        [(self.locked, "--locked"), (self.offline, "--offline"), (self.frozen, "--frozen")]
            .into_iter()
            .filter_map(|(is_given, word)| is_given.then_some(word))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[track_caller]
    fn check(line: &str) -> Flags {
        Flags::from_arguments(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Flags::command().debug_assert();
    }

    #[test]
    fn understands_cargo_and_a_direct_call() {
        for line in ["cargo-charm charm check --charm a", "cargo-charm check --charm a"] {
            let Command::Check(flags) = check(line).command else { panic!("{line}") };
            assert_eq!(flags.charm.charm, ["a"]);
        }
    }

    #[test]
    fn passes_the_words_for_cargo_on() {
        let line = "cargo-charm pack --offline --locked --target arm64 --target amd64";
        let Command::Pack(flags) = check(line).command else { panic!("{line}") };
        assert_eq!(flags.cargo.words(), ["--locked", "--offline"]);
        assert_eq!(flags.target.len(), 2);
    }

    #[test]
    fn refuses_a_bad_name_with_its_rule() {
        let error = Flags::try_parse_from(["cargo-charm", "new", "My-Charm"]).unwrap_err();
        insta::assert_snapshot!(error.to_string(), @r"
        error: invalid value 'My-Charm' for '<NAME>': invalid charm name `My-Charm`: it must start with a lower-case letter

        For more information, try '--help'.
        ");
    }
}
