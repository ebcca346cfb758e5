//! The console of a machine, on which systemd says what it cannot say elsewhere.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    thread,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::log::Log;

/// The console of a machine: a terminal of which a log keeps what is shown.
#[derive(Debug)]
pub(crate) struct Console {
    log: Log,
    terminal: PathBuf,
    /// Held open: the other side must not see an end when systemd closes it, as
    /// it does after each message. With this one, the recording ends.
    _open: File,
}

impl Console {
    /// Makes a terminal, and records what is shown on it.
    pub(crate) fn new() -> io::Result<Self> {
        let log = Log::new()?;
        let mut record = log.writer()?;
        let recorder = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&recorder)?;
        unlockpt(&recorder)?;
        let name = ptsname(&recorder, Vec::new())?;
        let terminal = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        // As it is never read from, nobody can take it for a controlling terminal.
        let open = OpenOptions::new().write(true).open(&terminal)?;
        thread::Builder::new().name("console".to_owned()).spawn(move || {
            // It always ends with an error, as terminals do.
            let _ = io::copy(&mut File::from(recorder), &mut record);
        })?;
        Ok(Self { log, terminal, _open: open })
    }

    /// Returns where the terminal is on the host.
    pub(crate) fn terminal(&self) -> &Path {
        &self.terminal
    }

    /// Returns what was shown so far.
    pub(crate) fn text(&self) -> String {
        self.log.text()
    }
}
