//! The way to the system bus.

use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use tokio::time::sleep;
use zbus::Connection;
use zbus::connection::Builder;

use crate::daemon::journal::Journal;

/// The socket of the system bus. An address from the environment could name
/// another machine, which a static program cannot look up.
const SYSTEM_BUS: &str = "/run/dbus/system_bus_socket";

/// How long to wait for a bus that is away. The limits in the unit file count
/// on it.
const BUS_PATIENCE: Duration = Duration::from_secs(30);

/// Connects to the system bus, which may be about to come back.
///
/// # Errors
///
/// Fails if it does not come back for a while.
pub(crate) async fn system_bus(journal: &Journal) -> zbus::Result<Connection> {
    let begun = Instant::now();
    let mut is_told = false;
    loop {
        match connect().await {
            Err(error) if begun.elapsed() < BUS_PATIENCE => {
                if !is_told {
                    // The error prints its cause itself.
                    journal.warning(&format!("waiting for the system bus: {error}"), &[]);
                }
                is_told = true;
                sleep(Duration::from_millis(500)).await;
            }
            end => return end,
        }
    }
}

async fn connect() -> zbus::Result<Connection> {
    Builder::unix_stream(UnixStream::connect(SYSTEM_BUS)?).build().await
}
