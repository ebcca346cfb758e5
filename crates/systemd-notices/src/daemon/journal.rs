//! The daemon's log.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::os::unix::net::UnixDatagram;
use std::path::Path;

/// The longest value of a field: a message of the journal has to fit into one
/// datagram.
const MOST_BYTES: usize = 8 * 1024;

/// Where the daemon logs: the journal, with fields, in [its native
/// protocol]; where no journal listens, standard error.
///
/// [its native protocol]: https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
#[derive(Debug)]
pub(crate) struct Journal {
    socket: Option<UnixDatagram>,
    /// Whether systemd reads standard error, and the priority before a line.
    is_read_by_systemd: bool,
}

/// How much a line of the log matters, in the numbers of `syslog(3)`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Priority {
    Error = 3,
    Warning = 4,
    Info = 6,
}

/// A name and a value beside the message. Names consist of capital letters and
/// `_`.
pub(crate) type Field<'a> = (&'static str, &'a str);

impl Journal {
    /// Logs to the journal that listens on the socket at `path`.
    pub(crate) fn at(path: &Path) -> Self {
        let connect = || -> io::Result<UnixDatagram> {
            let socket = UnixDatagram::unbound()?;
            socket.connect(path)?;
            // A journal that does not keep up must not hold up the daemon.
            socket.set_nonblocking(true)?;
            Ok(socket)
        };
        Self { socket: connect().ok(), is_read_by_systemd: true }
    }

    /// Logs to standard error, for people to read.
    pub(crate) fn standard_error() -> Self {
        Self { socket: None, is_read_by_systemd: false }
    }

    pub(crate) fn error(&self, message: &str, fields: &[Field<'_>]) {
        self.log(Priority::Error, message, fields);
    }

    pub(crate) fn warning(&self, message: &str, fields: &[Field<'_>]) {
        self.log(Priority::Warning, message, fields);
    }

    pub(crate) fn info(&self, message: &str, fields: &[Field<'_>]) {
        self.log(Priority::Info, message, fields);
    }

    fn log(&self, priority: Priority, message: &str, fields: &[Field<'_>]) {
        let is_sent = self
            .socket
            .as_ref()
            .is_some_and(|socket| socket.send(&datagram(priority, message, fields)).is_ok());
        if !is_sent {
            let prefix = if self.is_read_by_systemd { Some(priority) } else { None };
            // There is no place left to complain about a closed standard error.
            let _ = io::stderr().write_all(line(prefix, message, fields).as_bytes());
        }
    }
}

/// Returns an entry of the journal. Each value goes with its length, so that no
/// value can end its field and begin another.
fn datagram(priority: Priority, message: &str, fields: &[Field<'_>]) -> Vec<u8> {
    let mut entry = Vec::new();
    let priority = (priority as u8).to_string();
    let own = [
        ("MESSAGE", message),
        ("PRIORITY", &priority),
        ("SYSLOG_IDENTIFIER", "juju-systemd-notices"),
    ];
    for (name, value) in own.iter().chain(fields) {
        let value = &value.as_bytes()[..value.len().min(MOST_BYTES)];
        entry.extend_from_slice(name.as_bytes());
        entry.push(b'\n');
        entry.extend_from_slice(&(value.len() as u64).to_le_bytes());
        entry.extend_from_slice(value);
        entry.push(b'\n');
    }
    entry
}

/// Returns a line, with the prefix that systemd reads as its priority.
fn line(priority: Option<Priority>, message: &str, fields: &[Field<'_>]) -> String {
    let mut line = priority.map_or_else(String::new, |it| format!("<{}>", it as u8));
    line += &message.replace(char::is_control, " ");
    for (name, value) in fields {
        write!(line, " {name}={}", value.escape_debug()).expect("a string takes everything");
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_fields_that_cannot_be_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let socket = UnixDatagram::bind(&path).unwrap();
        Journal::at(&path).warning("stopped\nPRIORITY=0", &[("UNIT", "a.service")]);
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).unwrap();
        let entry = String::from_utf8_lossy(&buffer[..length]).replace('\0', "");
        insta::assert_snapshot!(entry.escape_debug(), @r"MESSAGE\n\u{12}stopped\nPRIORITY=0\nPRIORITY\n\u{1}4\nSYSLOG_IDENTIFIER\n\u{14}juju-systemd-notices\nUNIT\n\ta.service\n");
    }

    #[test]
    fn writes_one_line_to_standard_error() {
        let lines = [Some(Priority::Error), None]
            .map(|priority| line(priority, "cannot\nwatch", &[("UNIT", "a\nb")]));
        insta::assert_snapshot!(lines.concat(), @r"
        <3>cannot watch UNIT=a\nb
        cannot watch UNIT=a\nb
        ");
    }
}
