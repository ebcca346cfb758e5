//! Ports.

use std::collections::BTreeSet;

use juju_types::{EndpointName, PortRange};

use super::Juju;
use super::opened_port::OpenedPort;
use super::port_scope::PortScope;
use super::port_table::PortTable;
use crate::error::ToolError;
use crate::tool::HookTool;

/// What [`Juju::set_ports`] has done.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PortChanges {
    /// What it has opened.
    pub opened: Vec<PortRange>,
    /// What it has closed.
    pub closed: Vec<PortRange>,
    /// What it could not open in this hook, because Juju takes an overlapping
    /// range, which was closed just now, for open until the hook is over. The
    /// next hook that sets the same ports opens it.
    pub waiting: Vec<PortRange>,
}

impl Juju {
    /// Opens these ports for all endpoints, and closes all others.
    ///
    /// Wraps the hook tools [`opened-ports`], [`close-port`] and
    /// [`open-port`]: it reads what is open, once in a hook, and sends the
    /// difference. A port number stands for one TCP port.
    ///
    /// Where a range takes the place of another that overlaps it, it has to
    /// wait for the next hook, see [`PortChanges::waiting`]; a warning is
    /// logged.
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if a range holds port 0 or two of
    /// them overlap, before anything is sent, and [`ToolError::Conflict`] if
    /// another unit on the machine has opened one of the ports.
    ///
    /// [`close-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/close-port/
    /// [`open-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/open-port/
    /// [`opened-ports`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/opened-ports/
    pub fn set_ports<P: Into<PortRange>>(
        &self,
        ports: impl IntoIterator<Item = P>,
    ) -> Result<PortChanges, ToolError> {
        let wanted = checked(ports)?;
        let mut changes = PortChanges::default();
        for (range, scope) in self.port_table()? {
            if !wanted.contains(&range) {
                self.close(range, scope)?;
                changes.closed.push(range);
            }
        }
        self.open_missing(wanted, &PortScope::AllEndpoints, changes)
    }

    /// Opens these ports for one endpoint, and closes all others that are open
    /// for named endpoints and this is one of them. What is open for all
    /// endpoints stays so.
    ///
    /// Wraps the same hook tools in the same way as [`Juju::set_ports`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] as [`Juju::set_ports`] does.
    pub fn set_ports_of<P: Into<PortRange>>(
        &self,
        endpoint: &EndpointName,
        ports: impl IntoIterator<Item = P>,
    ) -> Result<PortChanges, ToolError> {
        let wanted = checked(ports)?;
        let mut changes = PortChanges::default();
        for (range, scope) in self.port_table()? {
            let of_endpoint = scope != PortScope::AllEndpoints && scope.covers(endpoint);
            if of_endpoint && !wanted.contains(&range) {
                self.close(range, PortScope::only(endpoint))?;
                changes.closed.push(range);
            }
        }
        self.open_missing(wanted, &PortScope::only(endpoint), changes)
    }

    /// Opens a port or range of ports for all endpoints, when the hook has
    /// succeeded. What is open is not opened again.
    ///
    /// Wraps the hook tool [`open-port`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::BadArgument`] if it is port 0, and
    /// [`ToolError::Conflict`] if the range overlaps another one, of this unit
    /// or of another on the machine.
    ///
    /// [`open-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/open-port/
    pub fn open_port(&self, port: impl Into<PortRange>) -> Result<(), ToolError> {
        self.open(port.into(), &PortScope::AllEndpoints).map(drop)
    }

    /// Opens a port or range of ports for one endpoint, when the hook has
    /// succeeded. What is open for it is not opened again.
    ///
    /// Wraps the hook tool [`open-port`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] as [`Juju::open_port`] does.
    ///
    /// [`open-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/open-port/
    pub fn open_port_of(
        &self,
        endpoint: &EndpointName,
        port: impl Into<PortRange>,
    ) -> Result<(), ToolError> {
        self.open(port.into(), &PortScope::only(endpoint)).map(drop)
    }

    /// Closes a port or range of ports for all endpoints, when the hook has
    /// succeeded. The range has to be as it was opened; what is not open is
    /// left alone.
    ///
    /// Wraps the hook tool [`close-port`].
    ///
    /// # Errors
    ///
    /// Returns [`ToolError::Conflict`] if the range overlaps one that is open,
    /// but is not the same.
    ///
    /// [`close-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/close-port/
    pub fn close_port(&self, port: impl Into<PortRange>) -> Result<(), ToolError> {
        let range = port.into();
        let mut opened = self.port_table()?;
        match opened.remove(&range) {
            Some(scope) => self.close(range, scope),
            // Juju says what is wrong with that.
            None if is_partly_open(&opened, range) => self.close(range, PortScope::AllEndpoints),
            None => Ok(()),
        }
    }

    /// Closes a port or range of ports for one endpoint, when the hook has
    /// succeeded. What is not open for it is left alone.
    ///
    /// Wraps the hook tool [`close-port`].
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] as [`Juju::close_port`] does.
    ///
    /// [`close-port`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/close-port/
    pub fn close_port_of(
        &self,
        endpoint: &EndpointName,
        port: impl Into<PortRange>,
    ) -> Result<(), ToolError> {
        let range = port.into();
        let opened = self.port_table()?;
        let has_to_close = match opened.get(&range) {
            Some(scope) => scope.covers(endpoint),
            None => is_partly_open(&opened, range),
        };
        if has_to_close { self.close(range, PortScope::only(endpoint)) } else { Ok(()) }
    }

    /// Returns the ports that are open, with what this hook has changed, and
    /// which endpoints they are open for: ICMP first, then TCP, then UDP, by
    /// number.
    ///
    /// Wraps the hook tool [`opened-ports`]. It is asked once in a hook.
    ///
    /// # Errors
    ///
    /// Returns a [`ToolError`] if there is no answer.
    ///
    /// [`opened-ports`]: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/list-of-hook-commands/opened-ports/
    pub fn opened_ports(&self) -> Result<Vec<OpenedPort>, ToolError> {
        let ports = self.port_table()?.into_iter();
        Ok(ports.map(|(range, scope)| OpenedPort::new(range, scope)).collect())
    }
}

/// Tells whether an open range overlaps `range`, which is not open itself.
fn is_partly_open(opened: &PortTable, range: PortRange) -> bool {
    opened.keys().any(|open| open.overlaps(&range))
}

/// Checks ranges that are to be open at the same time.
fn checked<P: Into<PortRange>>(
    ports: impl IntoIterator<Item = P>,
) -> Result<BTreeSet<PortRange>, ToolError> {
    let ports: BTreeSet<_> =
        ports.into_iter().map(|port| check(port.into())).collect::<Result<_, _>>()?;
    // In order, a range that overlaps any other overlaps its neighbour.
    match ports.iter().zip(ports.iter().skip(1)).find(|(range, next)| range.overlaps(next)) {
        Some((range, next)) => Err(ToolError::bad_argument(
            HookTool::OpenPort,
            format!("the ports `{range}` and `{next}` overlap"),
        )),
        None => Ok(ports),
    }
}

/// Refuses port 0, which Juju takes from 3.0 on, and which is no port.
pub(super) fn check(range: PortRange) -> Result<PortRange, ToolError> {
    if range.ports().is_some_and(|ports| ports.contains(&0)) {
        let message = format!("the range `{range}` holds port 0, which cannot be opened");
        return Err(ToolError::bad_argument(HookTool::OpenPort, message));
    }
    Ok(range)
}
