//! Debian's packages of Prometheus and its node exporter, unpacked below
//! `target` for the tests that run them. Nothing is installed.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::member::Workspace;

/// What is unpacked, each of which needs nothing but the C library to run. (The
/// other packages that Prometheus depends on are the scripts and fonts of its
/// pages.)
const PACKAGES: [&str; 2] = ["prometheus", "prometheus-node-exporter"];

/// Makes `target/debian-packages`, unless it is there and of this release: a
/// folder for each package, which holds what belongs below `/`, and the folder
/// `archive`, from which `apt-get` installs them where there is no network.
#[expect(clippy::print_stderr, reason = "it takes a while, and whoever waits should know for what")]
pub(crate) fn make(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.target().join("debian-packages");
    let release = fs::read_to_string("/etc/os-release").context("cannot read `/etc/os-release`")?;
    let release = code_name(&release);
    // Written last, so that what was begun and not ended is begun anew.
    let complete = folder.join("complete");
    if fs::read_to_string(&complete).is_ok_and(|found| found == release) {
        return Ok(());
    }
    let names = needed()?;
    eprintln!("fetching {} of Debian's packages into `{}`", names.len(), folder.display());
    make_anew(&folder)?;
    let archive = folder.join("archive");
    let files = download(&names, &archive)?;
    for name in PACKAGES {
        let prefix = format!("{name}_");
        let file = files.iter().find(|file| file_name(file).starts_with(&prefix));
        unpack(file.with_context(|| format!("`{name}` was not downloaded"))?, &folder.join(name))?;
    }
    write_index(&archive, &files)?;
    fs::write(&complete, release).with_context(|| format!("cannot write `{}`", complete.display()))
}

/// Returns the name of a release, such as `bookworm`, of which the file
/// [`os-release`] tells. Rolling ones have none.
///
/// [`os-release`]: https://www.freedesktop.org/software/systemd/man/latest/os-release.html
fn code_name(os_release: &str) -> &str {
    os_release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or_default()
}

/// Returns the names of all packages that would be installed here: those that we
/// want, and what this machine lacks of what they depend on.
fn needed() -> anyhow::Result<BTreeSet<String>> {
    let mut simulate = Command::new("apt-get");
    simulate.args(["--simulate", "--quiet", "--no-install-recommends", "install"]).args(PACKAGES);
    let output = simulate.env("LC_ALL", "C").stderr(Stdio::inherit()).output();
    let output = output.context("cannot start `apt-get`, which only Debian has")?;
    ensure!(
        output.status.success(),
        "no package list has what is needed, see above; `apt-get update`"
    );
    let plan = String::from_utf8(output.stdout).context("`apt-get` has printed what is no text")?;
    let names = plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    Ok(names.chain(PACKAGES).map(str::to_owned).collect())
}

/// Fetches packages into a folder, and returns where they lie.
fn download(names: &BTreeSet<String>, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    make_anew(folder)?;
    let mut download = Command::new("apt-get");
    // As root it would give up its rights, and then complain about the folder.
    download.args(["--quiet", "--option", "APT::Sandbox::User=root", "download"]).args(names);
    let status = download.current_dir(folder).stdout(Stdio::null()).status();
    let status = status.context("cannot start `apt-get`, which only Debian has")?;
    ensure!(status.success(), "{download:?} has failed, see above; `apt-get update` may help");

    let cannot_read = || format!("cannot read `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot_read)?;
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.with_context(cannot_read)?.path());
    }
    files.sort();
    Ok(files)
}

/// Writes the list by which `apt-get` finds the packages of a folder.
fn write_index(folder: &Path, files: &[PathBuf]) -> anyhow::Result<()> {
    let mut index = String::new();
    for file in files {
        let description = output(Command::new("dpkg-deb").arg("--field").arg(file))?;
        let digest = output(Command::new("sha256sum").arg(file))?;
        let digest = digest.split(' ').next().unwrap_or_default();
        let size = fs::metadata(file).map(|file| file.len());
        let size = size.with_context(|| format!("cannot look at `{}`", file.display()))?;
        let description = description.trim_end();
        let _ = write!(
            index,
            "{description}\nFilename: ./{}\nSize: {size}\nSHA256: {digest}\n\n",
            file_name(file)
        );
    }
    let path = folder.join("Packages");
    fs::write(&path, index).with_context(|| format!("cannot write `{}`", path.display()))
}

fn unpack(archive: &Path, root: &Path) -> anyhow::Result<()> {
    make_anew(root)?;
    let mut command = Command::new("dpkg-deb");
    command.arg("--extract").arg(archive).arg(root);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} has failed, see above");
    Ok(())
}

/// Runs a command for what it prints.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} has failed");
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} prints what is no text"))
}

fn file_name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Makes a folder that is empty, whatever was there.
fn make_anew(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_known_by_its_code_name() {
        let release = "VERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(code_name(release), "bookworm");
        assert_eq!(code_name("ID=arch\n"), "");
    }
}
