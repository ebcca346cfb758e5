//! The one place of this crate that starts a process and follows it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::command::Command;
use crate::command_error::CommandError;
use crate::output::Output;

/// Runs `program` as `command` says, in a process group of its own, and waits
/// for its end or its time limit.
///
/// One thread reads and writes all pipes as they are ready, so that neither
/// side can wait for the other for ever.
pub(crate) fn run_process(
    program: &Path,
    folder: &Path,
    search_path: &str,
    command: &Command,
) -> Result<Output, CommandError> {
    let mut child = start(program, folder, search_path, command)
        .map_err(|source| CommandError::Start { command: command.to_string(), source })?;
    let mut streams = Streams::of(&mut child, command);
    let ending = streams.follow(&mut child, command.time_limit);
    if !matches!(ending, Ok(Some(_))) {
        end_group(&mut child);
        streams.transfer();
    }
    let line = || command.to_string();
    match ending {
        Ok(Some(status)) => Ok(streams.into_output(Some(status))),
        Ok(None) => Err(CommandError::TimedOut {
            command: line(),
            limit: command.time_limit,
            output: Box::new(command.redacted(streams.into_output(None))),
        }),
        Err(source) => Err(CommandError::Follow { command: line(), source }),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to programs of the machine")]
fn start(program: &Path, folder: &Path, search_path: &str, command: &Command) -> io::Result<Child> {
    std::process::Command::new(program)
        .arg0(&command.program)
        .args(command.arguments.iter().map(|argument| &argument.value))
        .env_clear()
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LANG", "C.UTF-8")
        .env("PATH", search_path)
        .envs(&command.environment)
        .current_dir(folder)
        .stdin(if command.input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Kills the child with its whole group. The child has not been waited for
/// yet, hence its number cannot belong to anybody else.
fn end_group(child: &mut Child) {
    // Either call can only fail because there is nothing left to end.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

/// The pipes of a child that are still open, and what went through them.
struct Streams<'a> {
    stdin: Option<File>,
    input: &'a [u8],
    stdout: Capture,
    stderr: Capture,
}

impl<'a> Streams<'a> {
    fn of(child: &mut Child, command: &'a Command) -> Self {
        Self {
            stdin: child.stdin.take().map(|pipe| unblocked(pipe.into())),
            input: &command.input,
            stdout: Capture::new(
                child.stdout.take().map(|pipe| unblocked(pipe.into())),
                command.capture_limit,
            ),
            stderr: Capture::new(
                child.stderr.take().map(|pipe| unblocked(pipe.into())),
                command.capture_limit,
            ),
        }
    }

    /// Transfers data until the child has ended, and returns nothing if the
    /// limit came first.
    fn follow(&mut self, child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let started = Instant::now();
        // The pipes tell of a child's end only if no daemon inherited them, so
        // the child is also asked now and then. (A pidfd would tell, but not
        // on the kernels of Ubuntu 18.04.)
        let mut pause = SHORTEST_PAUSE;
        loop {
            // Asked before the transfer: what an ended child has written is in
            // the pipes by then.
            let ended = child.try_wait()?;
            let was_open = self.is_open();
            self.transfer();
            if ended.is_some() {
                return Ok(ended);
            }
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            if was_open && !self.is_open() {
                pause = SHORTEST_PAUSE;
            }
            self.wait(pause.min(left))?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn is_open(&self) -> bool {
        self.stdin.is_some() || self.stdout.pipe.is_some() || self.stderr.pipe.is_some()
    }

    /// Waits until a pipe is ready, but no longer than `pause`.
    fn wait(&self, pause: Duration) -> io::Result<()> {
        let outputs = [&self.stdout.pipe, &self.stderr.pipe].into_iter().flatten();
        let mut pipes: Vec<PollFd<'_>> =
            outputs.map(|pipe| PollFd::new(pipe, PollFlags::IN)).collect();
        pipes.extend(self.stdin.iter().map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        let pause = Timespec::try_from(pause).map_err(io::Error::other)?;
        match poll(&mut pipes, Some(&pause)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads and writes what is possible without waiting.
    fn transfer(&mut self) {
        self.stdout.read();
        self.stderr.read();
        if let Some(pipe) = &mut self.stdin {
            match pipe.write(self.input) {
                Ok(written) => self.input = &self.input[written..],
                Err(error) if is_not_ready(&error) => {}
                // The program does not want the rest; its exit code decides.
                Err(_) => self.input = &[],
            }
            if self.input.is_empty() {
                self.stdin = None;
            }
        }
    }

    fn into_output(self, status: Option<ExitStatus>) -> Output {
        let (stdout, stdout_truncated) = self.stdout.finish();
        let (stderr, stderr_truncated) = self.stderr.finish();
        Output {
            code: status.and_then(|status| status.code()),
            signal: status.and_then(|status| status.signal()),
            stderr,
            stdout,
            truncated: stdout_truncated || stderr_truncated,
        }
    }
}

const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// The last bytes that came out of a pipe.
struct Capture {
    pipe: Option<File>,
    bytes: Vec<u8>,
    limit: usize,
    truncated: bool,
}

impl Capture {
    fn new(pipe: Option<File>, limit: usize) -> Self {
        Self { pipe, bytes: Vec::new(), limit, truncated: false }
    }

    /// Reads what is there, but not for ever: a daemon that inherited the pipe
    /// may write without end.
    fn read(&mut self) {
        let mut chunk = [0; 16 << 10];
        for _ in 0..READS_AT_ONCE {
            let Some(pipe) = &mut self.pipe else { return };
            match pipe.read(&mut chunk) {
                Ok(0) => self.pipe = None,
                Ok(length) => self.keep(&chunk[..length]),
                Err(error) if is_not_ready(&error) => return,
                Err(_) => self.pipe = None,
            }
        }
    }

    fn keep(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
        // Cut only when it is worth moving the rest.
        if self.bytes.len() > self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let excess = self.bytes.len().saturating_sub(self.limit);
        self.truncated |= excess > 0;
        self.bytes.drain(..excess);
    }

    /// Returns the bytes, and whether some before them are missing.
    fn finish(mut self) -> (Vec<u8>, bool) {
        self.cut();
        (self.bytes, self.truncated)
    }
}

/// More than a pipe holds, so that one round empties it.
const READS_AT_ONCE: usize = 64;

fn unblocked(pipe: OwnedFd) -> File {
    // The call cannot fail on a pipe that was just made.
    let _ = rustix::io::ioctl_fionbio(pipe.as_fd(), true);
    File::from(pipe)
}

fn is_not_ready(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}
