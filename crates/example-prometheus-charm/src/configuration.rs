//! The configuration of Prometheus.

use charm_machine::Machine;
use prometheus_manual_interface::{
    ConfigWriter, JobNaming, JobSet, LocalFiles, PrometheusVersion, Trial,
};
use reactive_endpoints::Result;
use serde_json::{Value, json};

use crate::options::Options;
use crate::promtool::Promtool;
use crate::server::Server;

/// How jobs are named: by their units, so that series go on when units are
/// related anew.
pub(crate) const NAMING: JobNaming = JobNaming::OfUnit;

/// The job by which Prometheus watches itself.
const OWN_JOB: &str = "prometheus";

/// The configuration of a server, and the files that it names.
#[derive(Debug)]
pub(crate) struct Configuration<'a> {
    machine: &'a Machine,
    server: &'a Server<'a>,
    options: &'a Options,
    version: PrometheusVersion,
}

impl<'a> Configuration<'a> {
    pub(crate) fn new(
        machine: &'a Machine,
        server: &'a Server<'a>,
        options: &'a Options,
        version: PrometheusVersion,
    ) -> Self {
        Self { machine, server, options, version }
    }

    /// Begins a set of jobs for it.
    pub(crate) fn no_jobs(&self) -> JobSet {
        JobSet::new(self.version)
            .scrape_interval(self.options.scrape_interval)
            .naming(NAMING)
            // Other units are strangers: none may have the files of this machine.
            .local_files(LocalFiles::Refuse)
            .certificates_in(self.server.certificate_folder())
            .reserve([OWN_JOB])
    }

    /// Tells whether Prometheus would take it with these jobs, and changes
    /// nothing.
    pub(crate) fn try_out(&self, jobs: &JobSet) -> Result<bool> {
        let staged = self.writer()?.stage(jobs)?;
        Promtool::new(self.machine).accepts(staged.config())
    }

    /// Puts these jobs in the place of those before, which can be taken back; or
    /// does nothing, if promtool refuses them.
    pub(crate) fn use_jobs(&self, jobs: &JobSet) -> Result<Option<Trial>> {
        let staged = self.writer()?.stage(jobs)?;
        if !Promtool::new(self.machine).accepts(staged.config())? {
            return Ok(None);
        }
        Ok(Some(staged.begin_trial()?))
    }

    /// Returns its text as it is in its place.
    pub(crate) fn text(&self) -> Result<Option<String>> {
        Ok(self.machine.read(self.server.config_file())?)
    }

    fn writer(&self) -> Result<ConfigWriter> {
        let writer = ConfigWriter::new(self.server.config_file()).base(&self.base())?;
        Ok(match self.machine.as_scratch() {
            None => writer.owner("prometheus", "prometheus"),
            Some(scratch) => writer.below(scratch.root()),
        })
    }

    /// Returns it without the jobs.
    fn base(&self) -> Value {
        let own_target = format!("localhost:{}", self.options.port);
        json!({
            "global": { "scrape_interval": self.options.scrape_interval.to_string() },
            "scrape_configs": [{
                "job_name": OWN_JOB,
                "static_configs": [{ "targets": [own_target] }],
            }],
        })
    }
}
