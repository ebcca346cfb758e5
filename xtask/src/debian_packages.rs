//! Debian's packages of Prometheus and its node exporter, unpacked below
//! `target` for the tests that run them. Nothing is installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::member::Workspace;

/// What is fetched, each of which needs nothing but the C library to run. (The
/// other packages that Prometheus names are the scripts and fonts of its pages.)
const PACKAGES: [&str; 2] = ["prometheus", "prometheus-node-exporter"];

/// Makes `target/debian-packages`, unless it is there: a folder for each
/// package, which holds what belongs below `/`, and a file with its version.
pub(crate) fn make(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.target().join("debian-packages");
    for name in PACKAGES {
        let root = folder.join(name);
        // Written last, so that what was begun and not ended is begun anew.
        let version = folder.join(format!("{name}.version"));
        if root.is_dir() && version.is_file() {
            continue;
        }
        let download_folder = folder.join(format!("{name}.download"));
        let archive = download(name, &download_folder)?;
        unpack(&archive, &root)?;
        let found = field(&archive, "Version")?;
        remove(&download_folder)?;
        fs::write(&version, found)
            .with_context(|| format!("cannot write `{}`", version.display()))?;
    }
    Ok(())
}

/// Fetches a package into a folder of its own, and returns where it lies.
fn download(name: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let mut known = Command::new("apt-cache");
    known.args(["show", name]).stdout(Stdio::null()).stderr(Stdio::null());
    let known = known.status().context("cannot start `apt-cache`, which only Debian has")?;
    ensure!(known.success(), "no package list has `{name}`; `apt-get update`");

    make_anew(folder)?;
    let mut download = Command::new("apt-get");
    // As root it would give up its rights, and then complain about the folder.
    download.args(["--quiet", "--option", "APT::Sandbox::User=root", "download", name]);
    let status = download.current_dir(folder).stdout(Stdio::null()).status();
    let status = status.context("cannot start `apt-get`, which only Debian has")?;
    ensure!(status.success(), "{download:?} has failed, see above; `apt-get update` may help");

    let mut files =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let file = files.next().with_context(|| format!("{download:?} has left no file"))?;
    Ok(file.with_context(|| format!("cannot read `{}`", folder.display()))?.path())
}

fn unpack(archive: &Path, root: &Path) -> anyhow::Result<()> {
    make_anew(root)?;
    let mut command = Command::new("dpkg-deb");
    command.arg("--extract").arg(archive).arg(root);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} has failed, see above");
    Ok(())
}

/// Reads a field of a package's description.
fn field(archive: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut command = Command::new("dpkg-deb");
    command.arg("--field").arg(archive).arg(name);
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} has failed");
    Ok(output.stdout)
}

/// Makes a folder that is empty, whatever was there.
fn make_anew(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        remove(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove `{}`", folder.display()))
}
