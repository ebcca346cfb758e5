//! What the charm does, and when.

use charm_machine::Machine;
use juju_hook_env::ToolError;
use juju_types::{Event, PortRange, Status};
use prometheus_manual_interface::{PrometheusManualRequires, PrometheusVersion};
use reactive_endpoints::{
    Charm, Context, EndpointKey, Flag, OrStatus, Result, Trigger, all, blocked, none, waiting,
};
use serde_json::{Value, json};

use crate::configuration::Configuration;
use crate::jobs::Jobs;
use crate::options::{Options, RawOptions};
use crate::promtool::Promtool;
use crate::server::Server;

/// The server is set up to run with the options as they are.
const CONFIGURED: Flag = Flag::new("prometheus.configured");
/// The server uses the jobs as they are.
const APPLIED: Flag = Flag::new("prometheus.jobs-applied");

pub(crate) const MANUAL_JOBS: EndpointKey<PrometheusManualRequires> =
    EndpointKey::new("manual-jobs");

const PACKAGE: &str = "prometheus";
/// What the package itself starts, once for the whole machine.
const SERVICE_OF_PACKAGE: &str = "prometheus";

/// Returns the charm that runs Prometheus on a machine.
pub(crate) fn prometheus(machine: Machine) -> Charm<Prometheus> {
    Charm::new(Prometheus { machine })
        .config::<RawOptions>()
        .trigger(Trigger::on_set(&MANUAL_JOBS.updated()).clear(&APPLIED))
        .on(Event::Install, Prometheus::install)
        .on([Event::ConfigChanged, Event::UpgradeCharm, Event::Start], Prometheus::configure)
        .on(Event::Stop, Prometheus::stop)
        .on(Event::Remove, Prometheus::remove)
        .when(all([&CONFIGURED]).and(none([&APPLIED])), Prometheus::apply_jobs)
        .when(&CONFIGURED, open_port)
        .action("list-jobs", list_jobs)
        .action("reload", Prometheus::reload)
        .status(Prometheus::status)
}

/// Prometheus on one machine.
#[derive(Debug)]
pub(crate) struct Prometheus {
    pub(crate) machine: Machine,
}

impl Prometheus {
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
        cx.clear(APPLIED);
        // While the options are wrong it ends here, and the machine stays as it is.
        self.server(cx).set_up(&options(cx)?)?;
        if let Some(version) = self.machine.apt().version(PACKAGE)? {
            cx.juju().application_version_set(&version)?;
        }
        cx.set(CONFIGURED);
        Ok(())
    }

    /// Has the server use the jobs as they are now, and answers each.
    fn apply_jobs(&mut self, cx: &Context) -> Result {
        let (server, options) = (self.server(cx), options(cx)?);
        let configuration = Configuration::new(&self.machine, &server, &options, self.version()?);
        let is_changed = Jobs::of(&cx.endpoint(MANUAL_JOBS))?.apply(&configuration)?;
        // A change counts as seen only when the hook has succeeded, so that what
        // was cut off is made up for. If it was taken back in the meantime, what
        // was written tells.
        let is_config_new =
            cx.data_changed("prometheus.config", &configuration.text()?)? || is_changed;
        let is_unit_new = cx.data_changed("prometheus.unit-file", &server.unit_file(&options))?;
        if is_unit_new || !self.machine.is_active(server.service())? {
            self.machine.restart(server.service())?;
            Promtool::new(&self.machine).wait_for_server(options.port)?;
        } else if is_config_new {
            self.machine.reload(server.service())?;
        }
        cx.clear(MANUAL_JOBS.updated());
        cx.set(APPLIED);
        Ok(())
    }

    fn stop(&mut self, cx: &Context) -> Result {
        cx.clear(CONFIGURED);
        self.machine.stop(self.server(cx).service())?;
        self.machine.disable(self.server(cx).service())?;
        cx.juju().set_ports::<PortRange>([])?;
        Ok(())
    }

    /// Leaves the package: another charm on this machine may use it.
    fn remove(&mut self, cx: &Context) -> Result {
        Ok(self.server(cx).remove()?)
    }

    fn reload(&mut self, cx: &Context) -> Result<Value> {
        let server = self.server(cx);
        self.machine.reload(server.service())?;
        Ok(json!({ "reloaded": server.service() }))
    }

    fn status(&mut self, cx: &Context) -> Result<Status> {
        let options = options(cx)?;
        if !cx.is_set(CONFIGURED) {
            return Err(waiting("not configured yet"));
        }
        let server = self.server(cx);
        if !self.machine.is_active(server.service())? {
            return Err(blocked(format!("{} is not running", server.service())));
        }
        let targets = Promtool::new(&self.machine).targets(options.port)?;
        let targets = targets.or_waiting("Prometheus does not answer yet")?;
        Jobs::of(&cx.endpoint(MANUAL_JOBS))?.status(&targets)
    }

    fn server<'a>(&'a self, cx: &'a Context) -> Server<'a> {
        Server::new(&self.machine, cx.env().unit())
    }

    /// Returns the version of Prometheus, on which depends what a job may say.
    fn version(&self) -> Result<PrometheusVersion> {
        let version = self.machine.apt().version(PACKAGE)?;
        let version = version.or_blocked(format!("the package {PACKAGE} is not installed"))?;
        Ok(version.parse()?)
    }
}

fn open_port(_: &mut Prometheus, cx: &Context) -> Result {
    cx.juju().set_ports([options(cx)?.port])?;
    Ok(())
}

fn list_jobs(_: &mut Prometheus, cx: &Context) -> Result<Value> {
    Jobs::of(&cx.endpoint(MANUAL_JOBS))?.list()
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
