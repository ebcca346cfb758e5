//! What the charm does, and when.

use std::net::SocketAddr;

use charm_machine::Machine;
use juju_hook_env::ToolError;
use juju_types::{EndpointName, Event, PortRange, Status};
use reactive_endpoints::{Charm, Context, Flag, OrStatus, Result, blocked, waiting};
use serde_json::{Value, json};

use crate::options::{Options, RawOptions};

/// The exporter is set up to run with the options as they are.
const CONFIGURED: Flag = Flag::new("exporter.configured");

const PACKAGE: &str = "prometheus-node-exporter";
const SERVICE: &str = "prometheus-node-exporter";
/// The name of our drop-in for the service.
const DROP_IN: &str = "charm";

/// Returns the charm that runs the exporter on a machine.
pub(crate) fn exporter(machine: Machine) -> Charm<Exporter> {
    Charm::new(Exporter { machine })
        .config::<RawOptions>()
        .on(Event::Install, Exporter::install)
        .on([Event::ConfigChanged, Event::UpgradeCharm, Event::Start], Exporter::configure)
        .on(Event::Stop, Exporter::stop)
        .on(Event::Remove, Exporter::remove)
        .when(&CONFIGURED, open_port)
        .action("restart", Exporter::restart)
        .action("show-endpoint", show_endpoint)
        .status(Exporter::status)
}

/// The exporter on one machine.
#[derive(Debug)]
pub(crate) struct Exporter {
    pub(crate) machine: Machine,
}

impl Exporter {
    fn install(&mut self, cx: &Context) -> Result {
        cx.juju().status_set(&Status::maintenance(format!("installing {PACKAGE}")))?;
        self.machine.apt().install([PACKAGE])?;
        Ok(())
    }

    fn configure(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        // While the options are wrong it ends here, and the machine stays as it is.
        let options = options(cx)?;
        self.machine.write_drop_in(SERVICE, DROP_IN, options.drop_in())?;
        self.machine.enable(SERVICE)?;
        // A change counts as seen only when the hook has succeeded, so that a
        // restart which was cut off is made up for.
        let is_new = cx.data_changed("exporter.arguments", &options.arguments())?;
        if is_new || !self.machine.is_active(SERVICE)? {
            self.machine.restart(SERVICE)?;
        }
        if let Some(version) = self.machine.apt().version(PACKAGE)? {
            cx.juju().application_version_set(&version)?;
        }
        cx.set(CONFIGURED);
        Ok(())
    }

    fn stop(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        self.machine.stop(SERVICE)?;
        self.machine.disable(SERVICE)?;
        cx.juju().set_ports::<PortRange>([])?;
        Ok(())
    }

    /// Leaves the package: another charm on this machine may use it.
    fn remove(&mut self, _: &Context) -> Result {
        self.machine.remove_drop_in(SERVICE, DROP_IN)?;
        Ok(())
    }

    fn restart(&mut self, _: &Context) -> Result<Value> {
        self.machine.restart(SERVICE)?;
        Ok(json!({ "restarted": SERVICE }))
    }

    fn status(&mut self, cx: &Context) -> Result<Status> {
        options(cx)?;
        if !cx.is_set(CONFIGURED) {
            return Err(waiting("not configured yet"));
        }
        if !self.machine.is_active(SERVICE)? {
            return Err(blocked(format!("{SERVICE} is not running")));
        }
        Ok(Status::active())
    }
}

fn open_port(_: &mut Exporter, cx: &Context) -> Result {
    cx.juju().set_ports([options(cx)?.port])?;
    Ok(())
}

fn show_endpoint(_: &mut Exporter, cx: &Context) -> Result<Value> {
    let port = options(cx)?.port;
    // Every charm has this endpoint, so it gives an address without a relation.
    let binding: EndpointName = "juju-info".parse()?;
    let network = cx.juju().network_get(&binding)?;
    let address = network.ingress_address().or_waiting("this unit has no address yet")?;
    let host = match address.ip() {
        // Puts an IPv6 address into brackets.
        Some(ip) => SocketAddr::new(ip, port).to_string(),
        None => format!("{address}:{port}"),
    };
    Ok(json!({ "url": format!("http://{host}/metrics") }))
}

/// Returns the options, or shows what is wrong with them.
fn options(cx: &Context) -> Result<Options> {
    let raw: RawOptions = match cx.config() {
        Err(error @ ToolError::InvalidValue { .. }) => return Err(blocked(error.to_string())),
        raw => raw?,
    };
    Options::try_from(raw).map_err(|error| blocked(error.to_string()))
}

#[cfg(test)]
mod tests;
