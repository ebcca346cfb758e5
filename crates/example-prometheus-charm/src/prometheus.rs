//! What the charm does, and when.

use charm_machine::Machine;
use juju_hook_env::ToolError;
use juju_types::{Event, PortRange, Status};
use prometheus_manual_interface::{PrometheusManualRequires, PrometheusVersion, Trial};
use reactive_endpoints::{
    Charm, Context, EndpointKey, Failure, Flag, OrStatus, Result, Trigger, all, blocked, none,
    waiting,
};
use serde_json::{Value, json};

use crate::configuration::Configuration;
use crate::jobs::Jobs;
use crate::options::{Options, RawOptions};
use crate::promtool::Promtool;
use crate::reload::Reload;
use crate::server::Server;

/// The server is set up to run with the options as they are.
const CONFIGURED: Flag = Flag::new("prometheus.configured");
/// The server uses the jobs as they are.
const APPLIED: Flag = Flag::new("prometheus.jobs-applied");
/// Under this key is what the server is known to have read.
const CONFIG: &str = "prometheus.config";

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
        let jobs = Jobs::of(&cx.endpoint(MANUAL_JOBS))?;
        let (trial, answers) = jobs.apply(&configuration)?;
        // A change counts as seen only when the hook has succeeded, so that what
        // was cut off is made up for. If it was taken back in the meantime, what
        // was written tells.
        let text = configuration.text()?;
        let is_config_new = cx.is_data_changed(CONFIG, &text)? || trial.is_changed();
        let is_unit_new = cx.data_changed("prometheus.unit-file", &server.unit_file(&options))?;
        if is_unit_new || !self.machine.is_active(server.service())? {
            // A server that starts has read its configuration, or ends, which the
            // status shows.
            self.machine.restart(server.service())?;
            Promtool::new(&self.machine).wait_for_server(options.port)?;
        } else if is_config_new {
            // Until one is known to have succeeded, each hook tries it anew.
            cx.data_changed(CONFIG, &Value::Null)?;
            match Reload::run(&self.machine, &server, options.port)? {
                Reload::Done => {}
                Reload::Refused => return Err(self.take_back(&server, trial)?),
                Reload::Unknown => return Err(waiting(Reload::UNKNOWN)),
            }
        }
        trial.keep()?;
        cx.data_changed(CONFIG, &text)?;
        answers.send()?;
        cx.clear(MANUAL_JOBS.updated());
        cx.set(APPLIED);
        Ok(())
    }

    /// Has the server use the jobs before again, and returns what is to be shown.
    fn take_back(&self, server: &Server<'_>, trial: Trial) -> Result<Failure> {
        if !trial.take_back()? {
            return Ok(blocked(Reload::REFUSED));
        }
        self.machine.reload(server.service())?;
        Ok(blocked(format!("{}; the one before is in force", Reload::REFUSED)))
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
        match Reload::run(&self.machine, &server, options(cx)?.port)? {
            Reload::Done => Ok(json!({ "reloaded": server.service() })),
            Reload::Refused => Err(blocked(Reload::REFUSED)),
            Reload::Unknown => Err(waiting(Reload::UNKNOWN)),
        }
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
