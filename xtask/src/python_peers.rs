//! Python's charm frameworks, in a virtualenv below `target`, for the tests
//! that run them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::member::Workspace;

/// Where the pins lie, and what takes the place of a module.
const SOURCE: &str = "tests/python-peers";

/// Exits with 0 if this Python can make a virtualenv that ops runs in.
const CAN_MAKE_ONE: &str =
    "import sys, ensurepip, sqlite3, venv; sys.exit(sys.version_info < (3, 10))";

/// Makes the virtualenv `target/python-peers`, unless it is there and holds
/// what it should.
pub(crate) fn make(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.target().join("python-peers");
    let files = ["build.txt", "requirements.txt", "osplatform.py"];
    let content = files.map(|name| workspace.read(Path::new(SOURCE).join(name)));
    let content = content.into_iter().collect::<anyhow::Result<String>>()?;
    // Written last, so that what was begun and not ended is begun anew.
    let complete = folder.join("complete");
    let is_complete = fs::read_to_string(&complete).is_ok_and(|found| found == content);
    if is_complete && has_frameworks(&folder.join("bin/python")) {
        return Ok(());
    }
    fill(&folder, files.map(|name| workspace.root().join(SOURCE).join(name)))?;
    fs::write(&complete, content).with_context(|| format!("cannot write `{}`", complete.display()))
}

fn fill(folder: &Path, [build, requirements, platform]: [PathBuf; 3]) -> anyhow::Result<()> {
    let interpreter = interpreter()?;
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    run(Command::new(interpreter).args(["-m", "venv"]).arg(folder))?;
    let python = folder.join("bin/python");
    run(install(&python).arg(build))?;
    // Otherwise pip would build with whatever setuptools is the newest.
    run(install(&python).arg(requirements).args(["--no-build-isolation", "--use-pep517"]))?;
    let module = packages(&python)?.join("charmhelpers/osplatform.py");
    fs::copy(&platform, &module)
        .with_context(|| format!("cannot copy `{}`", platform.display()))?;
    ensure!(has_frameworks(&python), "`{}` cannot import what it should", python.display());
    Ok(())
}

/// Finds the interpreter to make the virtualenv with. The first of the `PATH`
/// may be one that Debian's packages do not reach.
fn interpreter() -> anyhow::Result<&'static str> {
    let mut candidates = ["python3", "/usr/bin/python3"].into_iter();
    let found = candidates.find(|python| succeeds(python, CAN_MAKE_ONE));
    found.context("Python 3.10 or later is missing, or its `venv`; `apt-get install python3-venv`")
}

fn has_frameworks(python: &Path) -> bool {
    python.to_str().is_some_and(|python| succeeds(python, "import charms.reactive, ops"))
}

fn succeeds(python: &str, code: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", code]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn install(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"]);
    command
}

/// Returns where the virtualenv has its packages.
fn packages(python: &Path) -> anyhow::Result<PathBuf> {
    let mut command = Command::new(python);
    command.args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"]);
    let output =
        command.output().with_context(|| format!("cannot start `{}`", python.display()))?;
    Ok(String::from_utf8(output.stdout).context("a path that is no text")?.into())
}

/// Runs a command that says itself what is wrong.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} has failed, see above");
    Ok(())
}
