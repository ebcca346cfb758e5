use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The folder of a charm on a disk that has no room left.
///
/// A helper process has a mount namespace of its own, in which a file system in
/// memory lies over the folder: the folder's files are copied there, and then
/// its size is set to what they take. The charm's process joins the namespace.
/// Nothing is mounted outside, and all is gone with the last process in there:
/// the helper ends when its standard input does, at the latest with the test.
#[derive(Debug)]
pub(super) struct FullDisk {
    helper: Child,
    /// Closed, it ends the helper.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    charm_dir: PathBuf,
    is_root: bool,
}

/// The helper: it fills the disk, waits for a line, and copies the files back to
/// the folder below, which stays its working directory.
///
/// The options that the mount has already are left out when its size is set: in
/// a user namespace one of them is its owner, as a number from outside.
const HELPER: &str = r#"
set -eu
cd "$1"
mount -t tmpfs charm "$1"
cp -a . "$1"
used=$(df -k --output=used "$1" | tail -n 1)
mount --options-mode ignore -o "remount,size=$((used))k" "$1"
echo full
read -r _
find . -mindepth 1 -delete
cp -a "$1/." .
echo back
"#;

impl FullDisk {
    /// Lays the disk over the folder.
    pub(super) fn mount(charm_dir: &Path) -> io::Result<Self> {
        let is_root = rustix::process::geteuid().is_root();
        // The folder is looked up from the root of the namespace later, where
        // an absolute link on the way would lead out of it again.
        let charm_dir = fs::canonicalize(charm_dir)?;
        let mut command = Command::new("unshare");
        if !is_root {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "--propagation", "private", "sh", "-c", HELPER, "full-disk"]);
        command.arg(&charm_dir).env("LC_ALL", "C");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut helper = command.spawn().map_err(|error| unavailable(&error.to_string()))?;
        let stdin = helper.stdin.take();
        let stdout = BufReader::new(helper.stdout.take().expect("it was asked for"));
        let mut disk = Self { helper, stdin, stdout, charm_dir, is_root };
        disk.expect("full")?;
        let joined = disk.command(Path::new("true")).stdin(Stdio::null()).output();
        let joined = joined.map_err(|error| unavailable(&format!("nsenter: {error}")))?;
        if !joined.status.success() {
            return Err(unavailable(String::from_utf8_lossy(&joined.stderr).trim()));
        }
        Ok(disk)
    }

    /// Prepares to run a program with the folder as its working directory.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        if !self.is_root {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.args(["--mount", "--target"]).arg(self.helper.id().to_string());
        // No shell, which would leave variables of its own.
        command.args(["env", "--chdir"]).arg(&self.charm_dir).arg(program);
        command
    }

    /// Returns a path that leads to the folder from outside.
    pub(super) fn path(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.helper.id()));
        root.join(self.charm_dir.strip_prefix("/").unwrap_or(&self.charm_dir))
    }

    /// Takes the disk away, and leaves the folder as it is on it.
    pub(super) fn put_back(mut self) -> io::Result<()> {
        if let Some(stdin) = &mut self.stdin {
            stdin.write_all(b"end\n")?;
        }
        self.expect("back")
    }

    /// Waits for a word of the helper.
    fn expect(&mut self, word: &str) -> io::Result<()> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        if line.trim_end() == word {
            return Ok(());
        }
        let mut reason = String::new();
        if let Some(stderr) = &mut self.helper.stderr {
            stderr.read_to_string(&mut reason)?;
        }
        Err(unavailable(reason.trim()))
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        // Both fail only if it has ended.
        let _ = self.helper.kill();
        let _ = self.helper.wait();
    }
}

fn unavailable(reason: &str) -> io::Error {
    io::Error::other(format!(
        "cannot put the charm's folder on a disk of its own: {reason} (this needs `unshare` and \
         `nsenter` of util-linux, and root or user namespaces for everybody)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_helper_ends_with_its_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "text").unwrap();
        let mut disk = FullDisk::mount(folder.path()).unwrap();
        // As it is when this process is gone.
        disk.stdin = None;
        assert!(!disk.helper.wait().unwrap().success());
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "text");
    }

    #[test]
    fn says_what_it_needs() {
        insta::assert_snapshot!(
            unavailable("unshare: Operation not permitted"),
            @"cannot put the charm's folder on a disk of its own: unshare: Operation not permitted (this needs `unshare` and `nsenter` of util-linux, and root or user namespaces for everybody)"
        );
    }
}
