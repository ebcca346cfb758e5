//! The project's own commands, `cargo xtask COMMAND`: `bench`, `debian-packages`,
//! `demo`, `python-peers`, `test` and `tidy`.

mod bench;
mod debian_packages;
mod demo;
mod flags;
mod member;
mod python_peers;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    flags::{Command, Flags},
    member::Workspace,
};

fn main() -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    match Flags::parse().command {
        Command::Bench(flags) => bench::run(&workspace, &flags),
        Command::DebianPackages => debian_packages::make(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Demo(flags) => demo::run(&workspace, &flags),
        Command::PythonPeers => python_peers::make(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Test(flags) => test::run(&workspace, &flags),
        Command::Tidy => tidy::run(&workspace),
    }
}
