//! What the charm does in each hook.

use std::net::SocketAddr;

use charm_machine::Machine;
use juju_hook_env::{CharmResult, HookEnv, Juju, ToolError};
use juju_types::{ActionName, EndpointName, Event, PortRange, Status};
use serde_json::json;

use crate::options::{Options, RawOptions};

const PACKAGE: &str = "prometheus-node-exporter";
const SERVICE: &str = "prometheus-node-exporter";
/// The name of our drop-in for the service.
const DROP_IN: &str = "charm";
/// The key under which Juju keeps the arguments that the service runs with.
const RUNNING: &str = "running";

/// The exporter on one machine.
#[derive(Debug)]
pub(crate) struct Exporter {
    machine: Machine,
}

impl Exporter {
    pub(crate) fn new(machine: Machine) -> Self {
        Self { machine }
    }

    /// Does what the hook or action asks for, and then tells how it stands.
    pub(crate) fn handle(&self, env: &HookEnv, juju: &Juju) -> CharmResult {
        match env.event() {
            Some(Event::Install) => return self.install(juju),
            Some(Event::ConfigChanged | Event::UpgradeCharm | Event::Start) => {
                self.configure(juju)?;
            }
            Some(Event::Action(name)) => self.act(name, juju)?,
            Some(Event::Stop) => return self.stop(juju),
            Some(Event::Remove) => return self.remove(),
            // Newer versions of Juju have hooks that nobody here has heard of.
            _ => {}
        }
        Ok(juju.status_set(&self.status(juju)?)?)
    }

    fn install(&self, juju: &Juju) -> CharmResult {
        juju.status_set(&Status::maintenance(format!("installing {PACKAGE}")))?;
        self.machine.apt().install([PACKAGE])?;
        Ok(())
    }

    fn configure(&self, juju: &Juju) -> CharmResult {
        // Nothing changes while the options are wrong; the status says why.
        let Ok(options) = options(juju)? else { return Ok(()) };
        self.machine.write_drop_in(SERVICE, DROP_IN, options.drop_in())?;
        self.machine.enable(SERVICE)?;
        let arguments = options.arguments();
        let running = juju.state_get_key(RUNNING)?;
        if running.as_ref() != Some(&arguments) || !self.machine.is_active(SERVICE)? {
            self.machine.restart(SERVICE)?;
        }
        // Juju keeps this only if the hook succeeds, so that a restart which
        // was cut off is made up for.
        juju.state_set([(RUNNING, arguments)])?;
        if let Some(version) = self.machine.apt().version(PACKAGE)? {
            juju.application_version_set(&version)?;
        }
        juju.set_ports([options.port])?;
        Ok(())
    }

    fn act(&self, name: &ActionName, juju: &Juju) -> CharmResult {
        match name.as_str() {
            "restart" => {
                self.machine.restart(SERVICE)?;
                juju.action_set(&json!({ "restarted": SERVICE }))?;
            }
            "show-endpoint" => show_endpoint(juju)?,
            other => juju.action_fail(&format!("this charm has no action `{other}`"))?,
        }
        Ok(())
    }

    fn stop(&self, juju: &Juju) -> CharmResult {
        self.machine.stop(SERVICE)?;
        self.machine.disable(SERVICE)?;
        juju.set_ports::<PortRange>([])?;
        Ok(juju.status_set(&Status::maintenance("stopped"))?)
    }

    /// Leaves the package: another charm on this machine may use it.
    fn remove(&self) -> CharmResult {
        self.machine.remove_drop_in(SERVICE, DROP_IN)?;
        Ok(())
    }

    fn status(&self, juju: &Juju) -> CharmResult<Status> {
        Ok(match options(juju)? {
            Err(reason) => Status::blocked(reason),
            Ok(_) if !self.machine.is_active(SERVICE)? => {
                Status::blocked(format!("{SERVICE} is not running"))
            }
            // Leadership is told before the first configuration.
            Ok(_) if juju.state_get_key(RUNNING)?.is_none() => {
                Status::waiting("not configured yet")
            }
            Ok(_) => Status::active(),
        })
    }
}

/// Returns the options, or what is wrong with them.
fn options(juju: &Juju) -> Result<Result<Options, String>, ToolError> {
    match juju.config_get::<RawOptions>() {
        Ok(raw) => Ok(Options::try_from(raw).map_err(|error| error.to_string())),
        Err(error @ ToolError::InvalidValue { .. }) => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}

fn show_endpoint(juju: &Juju) -> CharmResult {
    let options = match options(juju)? {
        Ok(options) => options,
        Err(reason) => return Ok(juju.action_fail(&reason)?),
    };
    // Every charm has this endpoint, so it gives an address without a relation.
    let binding: EndpointName = "juju-info".parse()?;
    let network = juju.network_get(&binding)?;
    let Some(address) = network.ingress_address() else {
        return Ok(juju.action_fail("this unit has no address yet")?);
    };
    let host = match address.ip() {
        // Puts an IPv6 address into brackets.
        Some(ip) => SocketAddr::new(ip, options.port).to_string(),
        None => format!("{address}:{}", options.port),
    };
    Ok(juju.action_set(&json!({ "url": format!("http://{host}/metrics") }))?)
}

#[cfg(test)]
mod tests;
