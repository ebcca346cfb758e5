//! `cargo charm`: begins, checks and packs Juju charms.

mod display;
mod flags;
mod progress;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use cargo_charm::{
    BuildError, Cargo, CharmCrate, PackError, PackOptions, Skeleton, Workspace, pack_with,
};

use crate::{
    flags::{CargoFlags, CharmFlags, Command, Flags, NewFlags, PackFlags},
    progress::Progress,
};

fn main() -> ExitCode {
    match run(&Flags::from_arguments(std::env::args_os())) {
        Ok(code) => code,
        // Whoever read the result, such as `head`, has had enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody may be there to read it; the exit code tells the rest.
            drop(writeln!(io::stderr(), "error: {}", text(&error)));
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match &flags.command {
        Command::Check(flags) => check(&load(&flags.cargo)?, &flags.charm, &mut out),
        Command::New(flags) => new(flags, &mut out),
        Command::Pack(flags) => pack(flags, &mut out),
    }
}

fn check(workspace: &Found, flags: &CharmFlags, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for charm in workspace.charms(flags)? {
        let report = charm.check();
        display::report(out, charm, &report)?;
        if !report.faults.is_empty() {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

fn new(flags: &NewFlags, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut skeleton = Skeleton::new(flags.name.clone());
    if let Some(checkout) = &flags.charmwright_path {
        skeleton = skeleton.charmwright(checkout);
    }
    let folder = flags.path.clone().unwrap_or_else(|| PathBuf::from(flags.name.as_str()));
    display::written(out, &folder, &skeleton.write(&folder)?)?;
    Ok(ExitCode::SUCCESS)
}

fn pack(flags: &PackFlags, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let workspace = load(&flags.cargo)?;
    let charms = workspace.charms(&flags.charm)?;
    // All faults are told before the first long build.
    if charms.iter().any(|charm| !charm.check().faults.is_empty()) {
        return check(&workspace, &flags.charm, out);
    }
    let mut options = PackOptions::new();
    if let Some(folder) = &flags.out {
        options = options.out(folder);
    }
    let targets = match flags.target.as_slice() {
        [] => vec![options],
        targets => targets.iter().map(|target| options.clone().target(target.clone())).collect(),
    };
    for charm in charms {
        for options in &targets {
            let progress = Progress::new();
            let packed = pack_with(charm, options, &mut |step| progress.step(&step))?;
            drop(progress);
            display::packed(out, &packed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The workspace, and where in it the author stands.
struct Found {
    workspace: Workspace,
    folder: PathBuf,
}

impl Found {
    fn charms(&self, flags: &CharmFlags) -> anyhow::Result<Vec<&CharmCrate>> {
        if flags.charm.is_empty() {
            return Ok(self.workspace.charms_at(&self.folder)?.iter().collect());
        }
        Ok(flags.charm.iter().map(|name| self.workspace.charm(name)).collect::<Result<_, _>>()?)
    }
}

fn load(flags: &CargoFlags) -> anyhow::Result<Found> {
    let manifest_path = match &flags.manifest_path {
        Some(path) => path.clone(),
        None => nearest_manifest(&std::env::current_dir().context("cannot tell the folder")?)?,
    };
    let cargo = flags.words().into_iter().fold(Cargo::from_environment(), Cargo::argument);
    let workspace = Workspace::load_with(&cargo, &manifest_path)?;
    let folder = std::path::absolute(&manifest_path)?.parent().map(Path::to_owned);
    Ok(Found { workspace, folder: folder.context("a file lies in a folder")? })
}

fn nearest_manifest(folder: &Path) -> anyhow::Result<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|manifest| manifest.is_file())
        .with_context(|| {
            let folder = folder.display();
            format!("there is no `Cargo.toml` in `{folder}` or above; `cargo charm new` writes one")
        })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error: Option<&io::Error> = error.downcast_ref();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Returns the text of an error with its causes, without what cargo has printed
/// already.
fn text(error: &anyhow::Error) -> String {
    if let Some(PackError::Build(BuildError::Failed { .. })) = error.downcast_ref() {
        return format!("{error}; cargo says why, above");
    }
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
