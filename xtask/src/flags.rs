//! The command line as data.

use clap::{Args, Parser, Subcommand};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measures what things cost, with the release profile
    Bench(BenchFlags),
    /// Fetches the Debian packages that tests run, and installs nothing
    DebianPackages,
    /// Packs the example charms and plays their life in a simulated Juju model
    Demo(DemoFlags),
    /// Makes the virtualenv that tests run Python's charm frameworks in
    PythonPeers,
    /// Runs every check and every test that this machine can run
    Test(TestFlags),
    /// Checks what no lint knows: dependency arrows, inherited settings, licences
    Tidy,
}

#[derive(Args, Debug)]
pub(crate) struct BenchFlags {
    /// Measures what needs a real systemd instead, on a throw-away machine
    #[arg(long)]
    pub(crate) machine: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DemoFlags {
    /// Takes a folder for the machine, even where there could be a real systemd
    #[arg(long)]
    pub(crate) scratch: bool,
}

#[derive(Args, Debug)]
pub(crate) struct TestFlags {
    /// Counts each part that has to be left out as a failure [also set by `CI=true`]
    #[arg(long)]
    pub(crate) all: bool,
    /// Runs properties with ten times the cases, on inputs that differ from run to run
    #[arg(long)]
    pub(crate) long: bool,
}
