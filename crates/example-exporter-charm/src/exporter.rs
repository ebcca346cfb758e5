//! What the charm does, and when.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use charm_machine::Machine;
use juju_hook_env::ToolError;
use juju_types::{EndpointName, Event, PortRange, Status};
use prometheus_manual_interface::{Job, PrometheusManualProvides};
use reactive_endpoints::{
    Charm, Context, EndpointKey, Flag, OrStatus, Result, all, blocked, waiting,
};
use serde_json::{Value, json};

use crate::notices::{reason, stop_watching, watch_service};
use crate::options::{Options, RawOptions};

/// The exporter is set up to run with the options as they are.
const CONFIGURED: Flag = Flag::new("exporter.configured");

const PROMETHEUS: EndpointKey<PrometheusManualProvides> = EndpointKey::new("prometheus");

const PACKAGE: &str = "prometheus-node-exporter";
/// What the package itself starts, once for the whole machine.
const SERVICE_OF_PACKAGE: &str = "prometheus-node-exporter";

/// Returns the charm that runs the exporter on a machine.
pub(crate) fn exporter(machine: Machine) -> Charm<Exporter> {
    Charm::new(Exporter { machine })
        .config::<RawOptions>()
        .on(Event::Install, Exporter::install)
        .on([Event::ConfigChanged, Event::UpgradeCharm, Event::Start], Exporter::configure)
        // Before the service, whose end is no news then.
        .on(Event::Stop, stop_watching)
        .on(Event::Stop, Exporter::stop)
        .on(Event::Remove, Exporter::remove)
        .when(&CONFIGURED, open_port)
        .when(all([&CONFIGURED, &PROMETHEUS.joined()]), register_jobs)
        .action("restart", Exporter::restart)
        .action("show-endpoint", show_endpoint)
        .status(Exporter::status)
        .plug(watch_service)
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
        // Several units may share the machine, so that each has a service of
        // its own.
        self.machine.stop(SERVICE_OF_PACKAGE)?;
        self.machine.disable(SERVICE_OF_PACKAGE)?;
        Ok(())
    }

    fn configure(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        // While the options are wrong it ends here, and the machine stays as it is.
        let options = options(cx)?;
        let (service, folder) = (service(cx), folder(cx));
        let unit_file = options.unit_file(cx.env().unit(), &folder);
        let is_unit_changed = self.machine.write_unit(&service, &unit_file)?;
        self.machine.enable(&service)?;
        let is_tls_changed = match &options.tls {
            Some(tls) => tls.write(&self.machine, &folder)?,
            None => self.machine.remove_tree(&folder)?,
        };
        // A change counts as seen only when the hook has succeeded, so that a
        // restart which was cut off is made up for. If it was taken back in the
        // meantime, what was written tells.
        let is_new = cx.data_changed("exporter.configuration", &(unit_file, &options.tls))?
            || is_unit_changed
            || is_tls_changed;
        if is_new || !self.machine.is_active(&service)? {
            self.machine.restart(&service)?;
        }
        if let Some(version) = self.machine.apt().version(PACKAGE)? {
            cx.juju().application_version_set(&version)?;
        }
        cx.set(CONFIGURED);
        Ok(())
    }

    fn stop(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        self.machine.stop(service(cx))?;
        self.machine.disable(service(cx))?;
        cx.juju().set_ports::<PortRange>([])?;
        Ok(())
    }

    /// Leaves the package: another charm on this machine may use it.
    fn remove(&mut self, cx: &Context) -> Result {
        self.machine.remove_unit(service(cx))?;
        self.machine.remove_tree(folder(cx))?;
        Ok(())
    }

    fn restart(&mut self, cx: &Context) -> Result<Value> {
        let service = service(cx);
        self.machine.restart(&service)?;
        Ok(json!({ "restarted": service }))
    }

    fn status(&mut self, cx: &Context) -> Result<Status> {
        options(cx)?;
        if !cx.is_set(CONFIGURED) {
            return Err(waiting("not configured yet"));
        }
        let service = service(cx);
        if !self.machine.is_active(&service)? {
            let reason = reason(cx)?.map(|reason| format!(": {reason}")).unwrap_or_default();
            return Err(blocked(format!("{service} is not running{reason}")));
        }
        for response in cx.endpoint(PROMETHEUS).job_responses()? {
            if !response.success {
                let (unit, job) = (response.unit().unit_name(), response.job_name());
                return Err(waiting(format!("{unit} refuses the job {job}")));
            }
        }
        Ok(Status::active())
    }
}

fn open_port(_: &mut Exporter, cx: &Context) -> Result {
    cx.juju().set_ports([options(cx)?.port])?;
    Ok(())
}

/// Asks each related Prometheus to scrape this unit.
fn register_jobs(_: &mut Exporter, cx: &Context) -> Result {
    let options = options(cx)?;
    let target = SocketAddr::new(cx.ingress_address(PROMETHEUS)?, options.port);
    let job = Job::new("node").target(target);
    cx.endpoint(PROMETHEUS).sync_jobs([match options.tls {
        Some(tls) => job.tls(tls.of_job()),
        None => job,
    }])
}

fn show_endpoint(_: &mut Exporter, cx: &Context) -> Result<Value> {
    let options = options(cx)?;
    // Every charm has this endpoint, so it gives an address without a relation.
    let binding: EndpointName = "juju-info".parse()?;
    let network = cx.juju().network_get(&binding)?;
    let address = network.ingress_address().or_waiting("this unit has no address yet")?;
    let host = match address.ip() {
        // Puts an IPv6 address into brackets.
        Some(ip) => SocketAddr::new(ip, options.port).to_string(),
        None => format!("{address}:{}", options.port),
    };
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    Ok(json!({ "url": format!("{scheme}://{host}/metrics") }))
}

/// Returns the name of the service of this unit, such as
/// `exporter-0-node-exporter`.
pub(crate) fn service(cx: &Context) -> String {
    format!("{}-node-exporter", dashed(cx))
}

/// Returns the folder of what this unit's exporter reads.
fn folder(cx: &Context) -> PathBuf {
    Path::new("/etc/node-exporter").join(dashed(cx))
}

fn dashed(cx: &Context) -> String {
    cx.env().unit().to_string().replace('/', "-")
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
pub(crate) mod tests;
