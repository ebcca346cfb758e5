//! The disk of a machine: an overlay in a mount namespace that nobody else sees.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    BootError, RunError,
    command::{clean, run},
    log::Log,
};

const PREPARE: &str = include_str!("prepare.sh");

/// Writes its standard input to a file.
const WRITE: &str = r#"mkdir -p -- "${1%/*}/" && cat >"$1" && chmod -- "$2" "$1""#;

/// How long anything may take that is done to the disk.
const LIMIT: Duration = Duration::from_mins(1);

/// The disk of a machine, from before the first boot until after the last.
#[derive(Debug)]
pub(crate) struct Disk {
    /// Keeps the mount namespace. It tidies up when its standard input ends, even
    /// if that is because this program was killed.
    keeper: Child,
    folder: PathBuf,
    shared: PathBuf,
}

impl Disk {
    /// Lays out a disk like that of this host, on which apt has this archive.
    pub(crate) fn new(host_name: &str, apt_archive: Option<&Path>) -> Result<Self, BootError> {
        let cannot_make = || BootError::io("make temporary files");
        let log = Log::new().map_err(cannot_make())?;
        let folder = tempfile::tempdir().map_err(cannot_make())?;
        let mut command = clean("unshare");
        command.args(["--mount", "--propagation", "private", "bash", "-c", PREPARE, "prepare.sh"]);
        command.arg(folder.path()).arg(host_name).args(apt_archive);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(log.writer().map_err(cannot_make())?);
        let mut keeper = command.spawn().map_err(BootError::io("start `unshare`"))?;
        let stdout = keeper.stdout.take().expect("its standard output is a pipe");
        if first_line(stdout)?.as_deref() != Some("ready") {
            let _ = keeper.wait();
            return Err(BootError::Host(log.text()));
        }
        let folder = folder.keep();
        let shared = folder.join("shared");
        Ok(Self { keeper, folder, shared })
    }

    /// Has the machine share a folder that is there already.
    pub(crate) fn share(&mut self, folder: &Path) -> Result<(), BootError> {
        fs::remove_dir(&self.shared)
            .and_then(|()| symlink(folder, &self.shared))
            .map_err(BootError::io(format!("share `{}`", folder.display())))?;
        folder.clone_into(&mut self.shared);
        Ok(())
    }

    /// Returns where `prepare.sh` has laid out everything.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the folder of the host that the machine shares.
    pub(crate) fn shared(&self) -> PathBuf {
        self.shared.clone()
    }

    /// Returns a command that sees what is mounted in [`folder`](Self::folder).
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = clean("nsenter");
        command.args([&format!("--target={}", self.keeper.id()), "--mount", "--", program]);
        command
    }

    /// Writes a file while no systemd runs.
    pub(crate) fn write(&self, path: &str, contents: &[u8], mode: u32) -> Result<(), RunError> {
        let mode = format!("{mode:o}");
        self.run(format!("write {path}"), &["sh", "-c", WRITE, "sh", path, &mode], contents)
    }

    /// Keeps a unit from being started by anybody.
    pub(crate) fn mask(&self, unit: &str) -> Result<(), RunError> {
        let link = format!("/etc/systemd/system/{unit}");
        self.run(format!("mask {unit}"), &["ln", "-sfT", "/dev/null", &link], b"")
    }

    /// Runs a program whose root is the disk's, so that no link leads it out.
    fn run(&self, name: String, arguments: &[&str], input: &[u8]) -> Result<(), RunError> {
        let mut command = self.command("chroot");
        command.arg(self.folder.join("disk/root")).args(arguments);
        run(command, name, input, LIMIT)?.success().map(drop)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It has nothing to tell that a test could do something about.
        let _ = self.keeper.wait();
    }
}

/// Reads the line with which a script says that it has done its work.
pub(crate) fn first_line(stdout: impl Read) -> Result<Option<String>, BootError> {
    let line = BufReader::new(stdout).lines().next().transpose();
    line.map_err(BootError::io("read what a script says"))
}
