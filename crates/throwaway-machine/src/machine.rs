//! A machine that is up.

use std::{
    fs::File,
    io,
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fd::AsFd,
    thread::{LinkNameSpaceType, move_into_link_name_space},
};

use crate::{
    BootError, Output, RunError, ThrowawayMachineBuilder, WaitError,
    command::{self, PAUSE},
    disk::Disk,
    requirements,
    systemd::Systemd,
};

/// Links the folder that is shared to where it is on the host.
const LINK: &str = r#"mkdir -p -- "${1%/*}" && ln -sfT /shared "$1""#;

/// Writes its standard input to a file that takes the place of an older one.
const INSTALL: [&str; 4] = ["install", "-D", "--mode=0644", "/dev/stdin"];

/// A machine that is up. Dropped, it is gone, with all that runs on it.
#[derive(Debug)]
pub struct ThrowawayMachine {
    // Dropped in this order: the disk goes when nothing runs on it.
    systemd: Systemd,
    disk: Disk,
    limit: Duration,
}

impl ThrowawayMachine {
    /// Describes a machine, to be booted then.
    pub fn builder() -> ThrowawayMachineBuilder {
        ThrowawayMachineBuilder::new()
    }

    /// Says what this host lacks to have such machines, if it lacks something.
    pub fn missing() -> Option<String> {
        requirements::missing()
    }

    pub(crate) fn start(disk: Disk, limit: Duration) -> Result<Self, BootError> {
        let systemd = Systemd::start(&disk)?;
        let mut machine = Self { systemd, disk, limit };
        machine.wait_until_up()?;
        Ok(machine)
    }

    /// Runs a command inside, and waits for its end.
    ///
    /// It is run by root in `/`, with `PATH` and `LANG` as its only variables and
    /// with nothing to read.
    ///
    /// # Errors
    ///
    /// Returns [`RunError::TimedOut`] if it does not end within the machine's
    /// time limit. A code other than 0 is no error before [`Output::success`] is
    /// asked for.
    ///
    /// # Panics
    ///
    /// Panics if there is not even the word that names the program.
    pub fn run<I>(&self, command: I) -> Result<Output, RunError>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        self.run_within(self.limit, command)
    }

    /// Runs a command inside as [`run`](Self::run) does, with a time limit of its
    /// own.
    ///
    /// # Errors
    ///
    /// Returns [`RunError::TimedOut`] if it does not end within that limit.
    ///
    /// # Panics
    ///
    /// Panics if there is not even the word that names the program.
    pub fn run_within<I>(&self, limit: Duration, command: I) -> Result<Output, RunError>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let words: Vec<String> = command.into_iter().map(Into::into).collect();
        self.run_with(&words, b"", limit)
    }

    /// Returns a command that is run inside, for a caller that wants to talk to
    /// it or to give it variables.
    ///
    /// What it starts is over when the machine is. A working folder is set by
    /// `env --chdir`: that of the command is the host's.
    pub fn command(&self, program: &str) -> Command {
        self.systemd.command(program)
    }

    /// Returns the words that come before those of a command, to run it inside:
    /// for those who start programs themselves, such as a simulated Juju. After a
    /// reboot they are others.
    pub fn entrance(&self) -> Vec<String> {
        self.systemd.entrance().to_vec()
    }

    /// Reads a file of the machine.
    ///
    /// # Errors
    ///
    /// Returns [`RunError::Failed`] if the machine cannot.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, RunError> {
        self.run(["cat", "--", path])?.success().map(Output::into_bytes)
    }

    /// Writes a file of the machine that everybody may read, and makes the
    /// folders above it. A file that was there is replaced.
    ///
    /// # Errors
    ///
    /// Returns [`RunError::Failed`] if the machine cannot.
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> Result<(), RunError> {
        let words: Vec<_> = INSTALL.iter().chain([&path]).map(|word| (*word).to_owned()).collect();
        self.run_with(&words, contents.as_ref(), self.limit)?.success().map(drop)
    }

    /// Returns the folder of the host that the machine shares, to pass files. The
    /// machine sees it under the same path, too.
    pub fn shared_dir(&self) -> PathBuf {
        self.disk.shared()
    }

    /// Returns where the machine sees what is in
    /// [`shared_dir`](Self::shared_dir).
    pub fn shared_dir_inside(&self) -> &'static Path {
        Path::new("/shared")
    }

    /// Returns the journal since the last boot, as text. (`journalctl --boot=-1`
    /// shows that of the boot before.)
    ///
    /// # Errors
    ///
    /// Returns an error if `journalctl` does.
    pub fn journal(&self) -> Result<String, RunError> {
        let output = self.run(["journalctl", "--boot", "--no-pager"])?.success()?;
        Ok(output.stdout().into_owned())
    }

    /// Connects to a port of the machine's loopback.
    ///
    /// # Errors
    ///
    /// Returns an error if nobody listens there.
    pub fn connect(&self, port: u16) -> io::Result<TcpStream> {
        self.in_network(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)))?
    }

    /// Calls a function in the machine's network: what it connects or binds there
    /// stays there. It runs in a thread of its own, and threads that it starts
    /// are in that network too.
    ///
    /// # Errors
    ///
    /// Returns an error if the machine is no more.
    ///
    /// # Panics
    ///
    /// Panics if the function does.
    pub fn in_network<T: Send>(&self, function: impl FnOnce() -> T + Send) -> io::Result<T> {
        let network = File::open(self.systemd.namespace("net"))?;
        let enter = || {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
            Ok(function())
        };
        // Only the thread that asks for it is moved.
        let result = thread::scope(|scope| scope.spawn(enter).join());
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Waits until a condition holds.
    ///
    /// # Errors
    ///
    /// Returns an error with what was waited for, and the end of the journal, if
    /// it does not hold within the limit.
    pub fn wait_until(
        &self,
        what: &str,
        limit: Duration,
        mut condition: impl FnMut() -> bool,
    ) -> Result<(), WaitError> {
        let deadline = Instant::now() + limit;
        while !condition() {
            if Instant::now() >= deadline {
                let journal = self.said(&["journalctl", "--no-pager", "--lines=40"]);
                return Err(WaitError { what: what.to_owned(), limit, journal });
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Boots again, as `systemctl reboot` does: services are stopped in order,
    /// files stay, except for those in `/run` and `/tmp`.
    ///
    /// # Errors
    ///
    /// Returns an error as [`ThrowawayMachineBuilder::boot`] does. The machine is
    /// then good for nothing but being dropped.
    pub fn reboot(&mut self) -> Result<(), BootError> {
        // Whether it is obeyed is seen below.
        self.run(["systemctl", "reboot"]).map(drop)?;
        if !self.systemd.ends_within(self.limit) {
            return Err(self.not_up());
        }
        self.systemd = Systemd::start(&self.disk)?;
        self.wait_until_up()
    }

    fn wait_until_up(&mut self) -> Result<(), BootError> {
        let deadline = Instant::now() + self.limit;
        loop {
            // It cannot be asked before it has a socket, and then says nothing.
            let state = self.said(&["systemctl", "is-system-running", "--wait"]);
            if ["running\n", "degraded\n"].contains(&&*state) {
                return self.link_shared_dir();
            } else if self.systemd.ends_within(PAUSE) {
                return Err(BootError::Ended(self.systemd.console()));
            } else if Instant::now() >= deadline {
                return Err(self.not_up());
            }
        }
    }

    /// Has the shared folder lie where it does on the host. While systemd boots,
    /// it tidies `/tmp` up.
    fn link_shared_dir(&self) -> Result<(), BootError> {
        let link = self.shared_dir().display().to_string();
        let words = ["sh", "-c", LINK, "sh", &link].map(str::to_owned);
        Ok(self.run_with(&words, b"", self.limit)?.success().map(drop)?)
    }

    fn not_up(&self) -> BootError {
        let state = self.said(&["systemctl", "is-system-running"]).trim_end().to_owned();
        let jobs = self.said(&["systemctl", "list-jobs", "--no-pager"]);
        let journal = self.said(&["journalctl", "--no-pager", "--lines=40"]);
        BootError::NotUp { state, report: [jobs, journal, self.systemd.console()].join("\n") }
    }

    /// Returns what a command says, or why it says nothing.
    fn said(&self, words: &[&str]) -> String {
        self.run(words.iter().copied())
            .map_or_else(|error| error.to_string(), |output| output.stdout().into_owned())
    }

    fn run_with(
        &self,
        words: &[String],
        input: &[u8],
        limit: Duration,
    ) -> Result<Output, RunError> {
        let (program, arguments) = words.split_first().expect("a command has a first word");
        let mut command = self.command(program);
        command.args(arguments);
        command::run(command, words.join(" "), input, limit)
    }
}
