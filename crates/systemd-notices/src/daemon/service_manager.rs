//! What the daemon tells the service manager about itself.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The socket on which systemd hears from its services, as [`sd_notify(3)`]
/// describes it. Without one, nothing is told.
///
/// [`sd_notify(3)`]: https://www.freedesktop.org/software/systemd/man/252/sd_notify.html
#[derive(Debug)]
pub(crate) struct ServiceManager {
    socket: Option<(UnixDatagram, SocketAddr)>,
}

impl ServiceManager {
    /// Finds the socket by the text of `NOTIFY_SOCKET`: a path, or an abstract
    /// name after `@`.
    ///
    /// # Errors
    ///
    /// Fails if the text is no address of a socket, or there can be none.
    pub(crate) fn new(notify_socket: Option<&str>) -> io::Result<Self> {
        let Some(name) = notify_socket else { return Ok(Self { socket: None }) };
        let address = match name.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(name)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket: Some((socket, address)) })
    }

    /// Tells that the daemon watches, and what it is about.
    pub(crate) fn ready(&self, status: &str) {
        self.send(&format!("READY=1\nSTATUS={}\n", one_line(status)));
    }

    /// Tells that the daemon is about to end.
    pub(crate) fn stopping(&self) {
        self.send("STOPPING=1\n");
    }

    /// Tells that the daemon is alive.
    pub(crate) fn alive(&self) {
        self.send("WATCHDOG=1\n");
    }

    /// A message that does not arrive is no reason to stop watching: if it
    /// matters, systemd restarts the daemon.
    fn send(&self, message: &str) {
        if let Some((socket, address)) = &self.socket {
            let _ = socket.send_to_addr(message.as_bytes(), address);
        }
    }
}

/// Returns how often to say that the daemon is alive, by the text of
/// `WATCHDOG_USEC`: twice within the time that systemd waits.
pub(crate) fn watchdog_interval(watchdog_usec: Option<&str>) -> Option<Duration> {
    let microseconds: u64 = watchdog_usec?.parse().ok()?;
    (microseconds > 0).then(|| Duration::from_micros(microseconds) / 2)
}

fn one_line(status: &str) -> String {
    status.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    #[test]
    fn speaks_on_a_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let manager = ServiceManager::new(path.to_str()).unwrap();
        manager.ready("watches 2\nWATCHDOG=1");
        insta::assert_snapshot!(heard(&socket), @r"
        READY=1
        STATUS=watches 2 WATCHDOG=1
        ");
        manager.alive();
        assert_eq!(heard(&socket), "WATCHDOG=1\n");
    }

    #[test]
    fn speaks_on_an_abstract_name() {
        let name = format!("systemd-notices-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        ServiceManager::new(Some(&format!("@{name}"))).unwrap().stopping();
        assert_eq!(heard(&socket), "STOPPING=1\n");
    }

    #[test]
    fn does_not_wait_for_a_service_manager_that_does_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let manager = ServiceManager::new(path.to_str()).unwrap();
        for _ in 0..2000 {
            manager.alive();
        }
        assert_eq!(heard(&socket), "WATCHDOG=1\n");
    }

    #[test]
    fn says_nothing_where_nobody_listens() {
        ServiceManager::new(None).unwrap().alive();
    }

    #[test]
    fn is_alive_twice_within_the_time_that_systemd_waits() {
        assert_eq!(watchdog_interval(Some("300000000")), Some(Duration::from_secs(150)));
        assert_eq!(watchdog_interval(Some("0")), None);
        assert_eq!(watchdog_interval(Some("soon")), None);
        assert_eq!(watchdog_interval(None), None);
    }
}
