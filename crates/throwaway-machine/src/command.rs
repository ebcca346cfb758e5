//! Programs that are started with a clean environment, and end in time.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{Output, RunError};

/// Where programs are looked for, on the host and in the machine.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How long to wait until something is looked at again.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Returns a command that inherits no variables. It is a process group of its
/// own: Ctrl-C is for the test, which then ends the machine in order.
pub(crate) fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", PATH).env("LANG", "C.UTF-8").process_group(0);
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// Finds a program where [`clean`] would.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    PATH.split(':').map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}

/// Runs a command to its end, with an input. What runs longer than the limit is
/// killed. Errors call it by the given name.
pub(crate) fn run(
    mut command: Command,
    name: String,
    input: &[u8],
    limit: Duration,
) -> Result<Output, RunError> {
    let failed = |source| RunError::Io { command: name.clone(), source };
    // Files, as a process that stays behind would keep a pipe open for ever.
    let (mut stdin, mut stdout, mut stderr) = files().map_err(failed)?;
    let status = stdin
        .write_all(input)
        .and_then(|()| stdin.rewind())
        .and_then(|()| Ok((stdout.try_clone()?, stderr.try_clone()?)))
        .and_then(|(stdout, stderr)| {
            command
                .stdin(stdin)
                .stdout(stdout)
                .stderr(stderr)
                .spawn()
                .and_then(|child| end(child, limit))
        })
        .map_err(failed)?;
    let stderr = read(&mut stderr).map_err(failed)?;
    let Some(status) = status else {
        let stderr = String::from_utf8_lossy(&stderr).trim_end().to_owned();
        return Err(RunError::TimedOut { command: name, limit, stderr });
    };
    let stdout = read(&mut stdout).map_err(failed)?;
    Ok(Output { command: name, code: status.code(), stdout, stderr })
}

fn files() -> io::Result<(File, File, File)> {
    Ok((tempfile::tempfile()?, tempfile::tempfile()?, tempfile::tempfile()?))
}

fn read(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Waits for the end of a process, at most for the given time.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        let status = child.try_wait()?;
        if status.is_some() || Instant::now() >= deadline {
            return Ok(status);
        }
        thread::sleep(PAUSE);
    }
}

/// Waits for the end of a process, and brings it about if it does not come.
fn end(mut child: Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let status = wait(&mut child, limit)?;
    if status.is_none() {
        // The whole group: `nsenter` does not pass on that it was killed.
        kill_process_group(Pid::from_child(&child), Signal::KILL)?;
        child.wait()?;
    }
    Ok(status)
}
